package io.easyagent.server.session.rpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.easyagent.protocol.ArtifactRequest;
import io.easyagent.protocol.ControlRequest;
import io.easyagent.protocol.EasyAgentServiceGrpc.EasyAgentServiceBlockingStub;
import io.easyagent.protocol.Event;
import io.easyagent.protocol.EventBatch;
import io.easyagent.protocol.Inventory;
import io.easyagent.protocol.RegisterRequest;
import io.easyagent.protocol.RenewCertificateRequest;
import io.easyagent.protocol.SidecarRequestHeader;
import io.easyagent.server.access.ServerIdentity;
import io.easyagent.server.fleet.HostId;
import io.easyagent.server.store.Writer;
import io.easyagent.server.transport.TlsProbe;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Attacks on the hosts' port by whoever holds a key or speaks TLS in another way. */
class TlsAttackIT {
  private static final int PROTOCOL_VERSION_ALERT = 70;

  @TempDir private Path folder;
  private CoreServer server;

  @BeforeEach
  void start() {
    server = new CoreServer(folder.resolve("data"), 0);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void theServersOwnCertificateIsNoClients() throws Exception {
    try (FakeHost host = server.enrol("web-1")) {
      ServerIdentity identity = server.authorities.server();
      try (FakeHost attacker = host.with(identity.key(), identity.chain())) {
        refusedInTheHandshake(attacker);
      }
      host.connect();
    }
  }

  @Test
  void aHostsCertificateFromAnotherAuthorityIsRefused() throws Exception {
    try (CoreServer other = new CoreServer(folder.resolve("other"), 0);
        FakeHost host = server.enrol("web-1");
        FakeHost stranger = other.enrol("web-1");
        FakeHost attacker = host.with(stranger.key(), stranger.chain())) {
      refusedInTheHandshake(attacker);
      host.connect();
    }
  }

  /** The client's own handshake is over before the server's: the refusal ends the first call. */
  private static void refusedInTheHandshake(FakeHost attacker) {
    StatusRuntimeException refusal = assertThrows(StatusRuntimeException.class, attacker::register);
    assertEquals(Status.Code.UNAVAILABLE, refusal.getStatus().getCode(), refusal::toString);
    assertEquals(0, attacker.epoch);
  }

  @Test
  void aCertificateOfThisFleetThatTheStoreDoesNotKnowIsRefused() throws Exception {
    try (FakeHost host = server.enrol("web-1")) {
      server.hosts.remove(new HostId(host.uuid()), Writer.Action.NOTHING);
      StatusRuntimeException refusal = assertThrows(StatusRuntimeException.class, host::register);
      assertEquals(Status.Code.PERMISSION_DENIED, refusal.getStatus().getCode());
    }
  }

  @Test
  void aStolenHostKeyCannotSpeakForAnotherHostInAnyCall() throws Exception {
    try (FakeHost stolen = server.enrol("web-1");
        FakeHost other = server.enrol("web-2")) {
      other.connect();
      SidecarRequestHeader forged =
          SidecarRequestHeader.newBuilder().setId(other.id).setSessionEpoch(other.epoch).build();
      EasyAgentServiceBlockingStub stub = stolen.stub();
      Map<String, Runnable> calls =
          Map.of(
              "registerSidecar",
              () -> stub.registerSidecar(RegisterRequest.newBuilder().setH(forged).build()),
              "readyForControl",
              () -> stub.readyForControl(ControlRequest.newBuilder().setH(forged).build()).next(),
              "reportEvent",
              () -> stub.reportEvent(Event.newBuilder().setH(forged).build()),
              "reportInventory",
              () -> stub.reportInventory(Inventory.newBuilder().setH(forged).build()),
              "reportEvents",
              () -> stub.reportEvents(EventBatch.newBuilder().setH(forged).build()),
              "downloadArtifact",
              () ->
                  stub.downloadArtifact(
                          ArtifactRequest.newBuilder()
                              .setH(forged)
                              .setSha256(ByteString.copyFrom(new byte[32]))
                              .build())
                      .next(),
              "renewCertificate",
              () ->
                  stub.renewCertificate(RenewCertificateRequest.newBuilder().setH(forged).build()));
      calls.forEach((name, call) -> {
        StatusRuntimeException refusal =
            assertThrows(StatusRuntimeException.class, call::run, name);
        assertEquals(Status.Code.PERMISSION_DENIED, refusal.getStatus().getCode(), name);
        assertTrue(
            refusal.getMessage().contains("used with the certificate of host " + stolen.uuid()),
            name + refusal.getMessage());
      });
    }
  }

  @Test
  void tlsOlderThan13IsRefused() throws Exception {
    for (int minor : List.of(1, 2, 3)) {
      assertEquals(
          PROTOCOL_VERSION_ALERT,
          TlsProbe.alertForTls(server.port(), minor),
          "TLS 1." + (minor - 1));
    }
  }

  @Test
  void aClientOfTls12AloneGetsNoConnection() {
    SSLHandshakeException refused =
        assertThrows(
            SSLHandshakeException.class, () -> TlsProbe.shakeHandsWithTls12(server.port()));
    assertTrue(
        String.valueOf(refused.getMessage()).contains("protocol_version"), refused::toString);
  }

  @Test
  void noSessionCanBeResumed() throws Exception {
    TlsProbe.Visit visit = TlsProbe.visit(server.port(), "h2");
    assertTrue(visit.bytesRead() > 0, "the server has spoken after the handshake");
    assertEquals(2, visit.handshakes(), "the second connection resumed the first one's session");
  }

  @Test
  void aNewServerCertificateIsShownToNewConnectionsAndOldOnesLiveOn() throws Exception {
    try (FakeHost host = server.enrol("web-1")) {
      FakeHost.Commands commands = host.connect();
      X509Certificate before = TlsProbe.visit(server.port(), "h2").certificate();
      String old = server.authorities.pinnedFingerprint();
      server.authorities.rotate();
      assertEquals(before, TlsProbe.visit(server.port(), "h2").certificate());

      server.authorities.retire(old);

      X509Certificate after = TlsProbe.visit(server.port(), "h2").certificate();
      assertNotEquals(before, after);
      assertEquals(server.authorities.server().certificate(), after);
      server.exec(host, java.time.Duration.ofMinutes(5));
      assertFalse(commands.next().getOperationId().isEmpty());
      try (FakeHost left = host.copy("machine")) {
        refusedInTheHandshake(left);
      }
    }
  }

  @Test
  void anIdThatIsNoUuidIsRefused() throws Exception {
    try (FakeHost host = server.enrol("web-1")) {
      for (ByteString id :
          List.of(
              ByteString.EMPTY,
              ByteString.copyFrom(new byte[4096]),
              host.id.concat(host.id),
              WireIds.bytes(new UUID(0, 0)))) {
        StatusRuntimeException refusal =
            assertThrows(
                StatusRuntimeException.class,
                () ->
                    host.stub()
                        .registerSidecar(
                            RegisterRequest.newBuilder()
                                .setH(SidecarRequestHeader.newBuilder().setId(id))
                                .build()));
        assertEquals(Status.Code.PERMISSION_DENIED, refusal.getStatus().getCode());
      }
    }
  }
}
