package io.easyagent.acceptance.operator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.easyagent.acceptance.fleet.Jvm;
import io.easyagent.api.EnrollToken;
import io.easyagent.api.EnrollTokenRequest;
import io.easyagent.protocol.EasyAgentServiceGrpc;
import io.easyagent.protocol.RegisterRequest;
import io.easyagent.protocol.SidecarRequestHeader;
import io.easyagent.sidecar.identity.CurrentIdentity;
import io.easyagent.sidecar.identity.Identity;
import io.easyagent.sidecar.identity.IdentityFolder;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.okhttp.OkHttpChannelBuilder;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import java.util.UUID;
import javax.net.ssl.SSLSocketFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Hosts that may not, or are not who they say. */
class BadHostIT {
  @TempDir static Path folder;

  private static Site site;

  @BeforeAll
  static void open() throws Exception {
    site = new Site(folder);
  }

  @AfterAll
  static void close() throws Exception {
    site.close();
  }

  @AfterEach
  void nobodyElseIsHarmed() {
    site.assertUnharmed();
    assertTrue(site.fleet().online(), "the host is online");
  }

  private static EnrollToken token() {
    return site.fleet()
        .client()
        .createEnrollToken(
            new EnrollTokenRequest(
                Optional.empty(), Optional.of(1), Optional.empty(), Optional.empty()));
  }

  private static void refusedToEnroll(String token, String fingerprint, String expected)
      throws Exception {
    Path data = site.newFolder("stranger-");
    Jvm enroll = site.fleet().enroll(data, token, fingerprint);
    assertEquals(1, enroll.awaitExit(), enroll::tail);
    assertTrue(enroll.tail().contains(expected), enroll::tail);
    assertFalse(Files.exists(data.resolve("identity")), "an identity was kept");
  }

  @Test
  void anEnrolmentTokenThatIsWrong() throws Exception {
    refusedToEnroll("ea_" + "x".repeat(43), token().fingerprint(), "enrolment token");
  }

  @Test
  void anEnrolmentTokenThatIsUsedUp() throws Exception {
    EnrollToken once = token();
    Jvm first =
        site.fleet()
            .enroll(site.newFolder("host-"), once.token().orElseThrow(), once.fingerprint());
    assertEquals(0, first.awaitExit(), first::tail);
    refusedToEnroll(once.token().orElseThrow(), once.fingerprint(), "enrolment token");
    removeStrangers();
  }

  @Test
  void aServerThatIsNotTheOneOfTheFingerprint() throws Exception {
    refusedToEnroll(token().token().orElseThrow(), "0".repeat(64), "fingerprint");
  }

  @Test
  void aHostIdWithAnotherHostsCertificate() throws Exception {
    Identity stranger = enrolStranger();
    UUID host = site.agent("neighbour").hostId();
    StatusRuntimeException refused =
        assertThrows(StatusRuntimeException.class, () -> register(stranger, host, ""));
    assertEquals(Status.Code.PERMISSION_DENIED, refused.getStatus().getCode());
    assertTrue(
        String.valueOf(refused.getMessage())
            .contains("used with the certificate of host " + stranger.hostId()),
        refused::getMessage);
    removeStrangers();
  }

  @Test
  void aMessageThatIsTooLarge() throws Exception {
    Identity stranger = enrolStranger();
    StatusRuntimeException refused =
        assertThrows(
            StatusRuntimeException.class,
            () -> register(stranger, stranger.hostId(), "x".repeat(16 << 20)));
    assertTrue(
        refused.getStatus().getCode() == Status.Code.RESOURCE_EXHAUSTED
            || refused.getStatus().getCode() == Status.Code.CANCELLED,
        refused::getMessage);
    register(stranger, stranger.hostId(), "a name of usual length");
    removeStrangers();
  }

  private static Identity enrolStranger() throws Exception {
    EnrollToken token = token();
    Path data = site.newFolder("stranger-");
    Jvm enroll = site.fleet().enroll(data, token.token().orElseThrow(), token.fingerprint());
    assertEquals(0, enroll.awaitExit(), enroll::tail);
    return new IdentityFolder(data).find().orElseThrow();
  }

  private static SSLSocketFactory tls(Identity identity) throws Exception {
    Path unused = site.newFolder("no-identity-");
    return new CurrentIdentity(new IdentityFolder(unused), identity, Clock.systemUTC()).tls();
  }

  private static void register(Identity identity, UUID claimed, String hostName) throws Exception {
    ManagedChannel channel =
        OkHttpChannelBuilder.forAddress("127.0.0.1", site.fleet().link().port())
            .sslSocketFactory(tls(identity))
            .tlsConnectionSpec(new String[] {"TLSv1.3"}, new String[] {"TLS_AES_128_GCM_SHA256"})
            .build();
    try {
      var answer =
          EasyAgentServiceGrpc.newBlockingStub(channel)
              .registerSidecar(
                  RegisterRequest.newBuilder()
                      .setH(SidecarRequestHeader.newBuilder().setId(bytes(claimed)))
                      .setHost(hostName)
                      .build());
      assertTrue(answer.getSessionEpoch() > 0, answer::toString);
    } finally {
      channel.shutdownNow();
    }
  }

  private static ByteString bytes(UUID id) {
    return ByteString.copyFrom(
        ByteBuffer.allocate(16)
            .putLong(id.getMostSignificantBits())
            .putLong(id.getLeastSignificantBits())
            .flip());
  }

  /** Every host but the one of the site, so that --all means that one again. */
  private static void removeStrangers() {
    UUID host = site.agent("neighbour").hostId();
    site
        .fleet()
        .client()
        .hosts(io.easyagent.api.client.HostQuery.all())
        .collect(100)
        .items()
        .stream()
        .filter(stranger -> !stranger.id().equals(host))
        .forEach(
            stranger -> site.run("host", "remove", stranger.id().toString(), "--yes").expect(0));
  }
}
