package io.easyagent.server.session.rpc;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.easyagent.protocol.RegisterResponse;
import io.easyagent.protocol.RenewCertificateRequest;
import io.easyagent.server.access.HostCertificates;
import io.easyagent.server.fleet.HostId;
import io.easyagent.server.store.Writer;
import io.easyagent.testkit.FakeClock;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Certificates that are renewed, expired, superseded and revoked, over the wire. */
class RenewalIT {
  private static final Metadata.Key<String> HINT =
      Metadata.Key.of("easyagent-certificate", Metadata.ASCII_STRING_MARSHALLER);

  @TempDir private Path folder;
  private final FakeClock clock = new FakeClock();
  private CoreServer server;
  private FakeHost host;

  @BeforeEach
  void start() throws Exception {
    server = new CoreServer(folder, 0, sha256 -> Optional.empty(), clock);
    host = server.enrol("web-1");
  }

  @AfterEach
  void stop() {
    host.close();
    server.close();
  }

  private static StatusRuntimeException refusal(Runnable call) {
    return assertThrows(StatusRuntimeException.class, call::run);
  }

  private static boolean mayRenew(StatusRuntimeException refusal) {
    Metadata trailers = refusal.getTrailers();
    return trailers != null && "renew".equals(trailers.get(HINT));
  }

  private static void refusedButRenewable(Runnable call) {
    StatusRuntimeException refusal = refusal(call);
    assertEquals(Status.Code.UNAUTHENTICATED, refusal.getStatus().getCode(), refusal::toString);
    assertTrue(mayRenew(refusal), refusal::toString);
  }

  @Test
  void nothingOfTheRequestIsUsedButItsKey() throws Exception {
    try (FakeHost renewed = host.renew()) {
      X509Certificate before = host.chain().getFirst();
      X509Certificate after = renewed.chain().getFirst();
      assertEquals("CN=" + host.uuid(), after.getSubjectX500Principal().getName());
      assertEquals(
          List.copyOf(before.getSubjectAlternativeNames()),
          List.copyOf(after.getSubjectAlternativeNames()));
      assertEquals(before.getExtendedKeyUsage(), after.getExtendedKeyUsage());
      assertNotEquals(before.getPublicKey(), after.getPublicKey());
      assertNotEquals(before.getSerialNumber(), after.getSerialNumber());
    }
  }

  @Test
  void aRequestThatDoesNotProveItsKeyIsRefused() throws Exception {
    byte[] request = FakeHost.request(FakeHost.newKeys()).toByteArray();
    request[request.length - 1] ^= 1;
    assertEquals(
        Status.Code.INVALID_ARGUMENT,
        refusal(() ->
                host.stub()
                    .renewCertificate(
                        RenewCertificateRequest.newBuilder()
                            .setH(host.header())
                            .setCertificateRequest(ByteString.copyFrom(request))
                            .build()))
            .getStatus()
            .getCode());
  }

  @Test
  void whatWasRenewedIsGoodUntilTheNewOneIsUsedAndThenForRenewalOnly() throws Exception {
    try (FakeHost renewed = host.renew()) {
      host.connect();
      renewed.take(host);
      renewed.connect();
      refusedButRenewable(host::register);
      refusedButRenewable(host::inventory);
      try (FakeHost again = host.renew()) {
        again.take(renewed);
        again.connect();
        refusedButRenewable(renewed::register);
      }
    }
  }

  @Test
  void anAnswerThatWasLostLeavesTheOldCertificateGood() throws Exception {
    host.renew().close();
    host.renew().close();
    host.connect();
  }

  @Test
  void howCertificatesStandSurvivesARestart() throws Exception {
    try (FakeHost renewed = host.renew()) {
      renewed.connect();
      int port = server.port();
      server.close();
      server = new CoreServer(folder, port, sha256 -> Optional.empty(), clock);
      host.cut();
      refusedButRenewable(host::register);
      renewed.cut();
      renewed.connect();
    }
  }

  @Test
  void anExpiredCertificateIsGoodForItsRenewalOnlyAndFor180Days() throws Exception {
    clock.advance(Duration.ofDays(366));
    refusedButRenewable(host::register);
    refusedButRenewable(() ->
        host.stub()
            .reportEvent(io.easyagent.protocol.Event.newBuilder().setH(host.header()).build()));
    clock.advance(Duration.ofDays(178));
    try (FakeHost renewed = host.renew()) {
      assertEquals(
          clock.instant().plus(Duration.ofDays(365)),
          renewed.chain().getFirst().getNotAfter().toInstant());
      renewed.connect();
    }
  }

  @Test
  void afterwardsTheRefusalSaysWhatToDo() throws Exception {
    clock.advance(Duration.ofDays(365 + 180));
    for (StatusRuntimeException refusal :
        List.of(refusal(host::register), refusal(() -> host.renewUnchecked()))) {
      assertEquals(Status.Code.UNAUTHENTICATED, refusal.getStatus().getCode());
      assertTrue(
          refusal.getMessage().contains("easyagent-sidecar enroll --replace"), refusal::getMessage);
      assertTrue(!mayRenew(refusal));
    }
    assertTrue(
        server
            .certificates
            .concern(new HostId(host.uuid()))
            .orElseThrow()
            .contains("too long ago"));
  }

  @Test
  void aSupersededCertificateThatExpiredIsGoodForNothing() throws Exception {
    clock.advance(Duration.ofDays(200));
    try (FakeHost renewed = host.renew()) {
      renewed.connect();
      clock.advance(Duration.ofDays(166));
      refusal(() -> host.renewUnchecked());
      renewed.connect();
    }
  }

  @Test
  void aHostIsShownWhenItsCertificateIsNotRenewedInTime() {
    HostId id = new HostId(host.uuid());
    HostCertificates certificates = server.certificates;
    assertEquals(
        Optional.of(host.chain().getFirst().getNotAfter().toInstant()), certificates.expires(id));
    clock.advance(Duration.ofDays(180));
    assertEquals(Optional.empty(), certificates.concern(id));
    clock.advance(Duration.ofDays(10));
    assertTrue(certificates.concern(id).orElseThrow().contains("has not been renewed"));
    clock.advance(Duration.ofDays(200));
    assertTrue(certificates.concern(id).orElseThrow().contains("can renew it until"));
  }

  @Test
  void noCommandGoesOutOnAStreamWhoseCertificateIsOver() throws Exception {
    FakeHost.Commands commands = host.connect();
    server.exec(host, Duration.ofMinutes(5));
    commands.next();
    clock.advance(Duration.ofDays(366));
    server.exec(host, Duration.ofMinutes(5));
    Status end = commands.end(5);
    assertEquals(Status.Code.PERMISSION_DENIED, end.getCode());
    assertTrue(end.getDescription().contains("is over"), end::toString);
    assertTrue(commands.isEmpty());
  }

  @Test
  void aRemovedHostRenewsNothing() throws Exception {
    assertTrue(server.hosts.remove(new HostId(host.uuid()), Writer.Action.NOTHING));
    assertEquals(
        Status.Code.PERMISSION_DENIED, refusal(() -> host.renewUnchecked()).getStatus().getCode());
  }

  @Test
  void aHostGetsABoundedNumberOfCertificatesADay() throws Exception {
    for (int renewal = 1; renewal < 20; renewal++) {
      host.renewUnchecked();
    }
    assertEquals(
        Status.Code.RESOURCE_EXHAUSTED, refusal(() -> host.renewUnchecked()).getStatus().getCode());
    host.connect();
    clock.advance(Duration.ofDays(1));
    host.renewUnchecked();
  }

  @Test
  void hostsLearnOfANewAuthorityMoveToItAndForgetTheOldOne() throws Exception {
    String old = server.authorities.pinnedFingerprint();
    assertEquals(1, announced(host.register()));
    server.authorities.rotate();
    String next = server.authorities.standings().getFirst().fingerprint();

    assertEquals(2, announced(host.register()));
    assertEquals(1, server.certificates.unmoved(next, 5).count());
    try (FakeHost renewed = host.renew()) {
      X509Certificate leaf = renewed.chain().getFirst();
      leaf.verify(server.authorities.trusted().getFirst().getPublicKey());
      assertEquals(1, server.certificates.unmoved(next, 5).count());
      renewed.take(host);
      renewed.register();
      assertEquals(0, server.certificates.unmoved(next, 5).count());
      assertArrayEquals(
          new Object[] {"web-1"}, server.certificates.unmoved(old, 5).names().toArray());

      server.authorities.retire(old);

      try (FakeHost after = renewed.trusting(server.authorities.trusted().getFirst())) {
        assertEquals(1, announced(after.register()));
      }
    }
  }

  private static int announced(RegisterResponse answer) {
    return answer.getCertificateAuthoritiesCount();
  }
}
