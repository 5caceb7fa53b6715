package io.easyagent.sidecar.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.easyagent.sidecar.identity.Identity;
import io.easyagent.sidecar.identity.TestAuthority;
import io.easyagent.sidecar.metrics.HostFacts;
import io.easyagent.sidecar.metrics.Metrics;
import io.easyagent.sidecar.session.Enrolment.EnrolmentException;
import io.grpc.Status;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class EnrolmentIT {
  private final HostFacts facts = new Metrics().facts("2.0.0");

  @Test
  void aHostEnrolsWithTheRightFingerprint() throws Exception {
    TestAuthority authority = new TestAuthority("fleet");
    try (FakeServer server = new FakeServer(authority)) {
      Identity identity =
          Enrolment.enrol(server.address(), authority.fingerprint(), "secret", facts);

      assertEquals(new UUID(4, 2), identity.hostId());
      assertEquals(FakeServer.FLEET, identity.fleetId());
      assertEquals(List.of(authority.certificate()), identity.authorities());
      assertEquals(List.of(server.address().toString()), identity.serverAddresses());
      assertEquals("secret", server.enrolments.getFirst().getToken());
    }
  }

  @Test
  void aTokenIsNotSentToAServerWithAnotherFingerprint() throws Exception {
    TestAuthority authority = new TestAuthority("fleet");
    TestAuthority other = new TestAuthority("other");
    try (FakeServer server = new FakeServer(authority)) {
      EnrolmentException refusal =
          assertThrows(
              EnrolmentException.class,
              () -> Enrolment.enrol(server.address(), other.fingerprint(), "secret", facts));

      assertTrue(refusal.getMessage().contains("no token was sent"), refusal::getMessage);
      assertTrue(refusal.getMessage().contains(authority.fingerprint()), refusal::getMessage);
      assertEquals(List.of(), server.enrolments);
    }
  }

  @Test
  void aTokenIsNotSentToAHostThatPosesAsAServer() throws Exception {
    TestAuthority authority = new TestAuthority("fleet");
    try (FakeServer server = new FakeServer(authority, authority.host())) {
      assertThrows(
          EnrolmentException.class,
          () -> Enrolment.enrol(server.address(), authority.fingerprint(), "secret", facts));
      assertEquals(List.of(), server.enrolments);
    }
  }

  @Test
  void aRefusedTokenIsExplained() throws Exception {
    TestAuthority authority = new TestAuthority("fleet");
    try (FakeServer server = new FakeServer(authority)) {
      server.enrolRefusal = Optional.of(Status.UNAUTHENTICATED.withDescription("token used up"));

      EnrolmentException refusal =
          assertThrows(
              EnrolmentException.class,
              () -> Enrolment.enrol(server.address(), authority.fingerprint(), "secret", facts));

      assertTrue(refusal.getMessage().contains("token used up"), refusal::getMessage);
      assertTrue(!refusal.getMessage().contains("secret"), refusal::getMessage);
    }
  }

  @Test
  void everyTryOfAnEnrolmentHasTheSameKey() throws Exception {
    TestAuthority authority = new TestAuthority("fleet");
    try (FakeServer server = new FakeServer(authority)) {
      Enrolment enrolment =
          new Enrolment(
              Channels.USUAL,
              server.address(),
              authority.fingerprint(),
              "secret",
              facts,
              Optional.empty());
      server.enrolRefusal = Optional.of(Status.DEADLINE_EXCEEDED);
      assertTrue(assertThrows(EnrolmentException.class, enrolment::attempt).unanswered());
      server.enrolRefusal = Optional.empty();
      String key = hex(enrolment.attempt().certificates().getFirst().getPublicKey().getEncoded());

      assertEquals(2, server.enrolments.size());
      server.enrolments.forEach(
          request -> assertTrue(hex(request.getCertificateRequest().toByteArray()).contains(key)));
    }
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }

  @Test
  void aBusyServerSaysWhenToComeBack() throws Exception {
    TestAuthority authority = new TestAuthority("fleet");
    try (FakeServer server = new FakeServer(authority)) {
      server.enrolRefusal = Optional.of(Status.RESOURCE_EXHAUSTED.withDescription("busy"));
      server.enrolTrailers.put(Pushback.KEY, "1500");

      EnrolmentException refusal =
          assertThrows(
              EnrolmentException.class,
              () -> Enrolment.enrol(server.address(), authority.fingerprint(), "secret", facts));

      assertEquals(Optional.of(Duration.ofMillis(1_500)), refusal.comeBackAfter());
    }
  }

  @Test
  void aServerThatIsNotThereIsSaid() throws Exception {
    TestAuthority authority = new TestAuthority("fleet");
    FakeServer server = new FakeServer(authority);
    ServerAddress address = server.address();
    server.close();

    EnrolmentException refusal =
        assertThrows(
            EnrolmentException.class,
            () -> Enrolment.enrol(address, authority.fingerprint(), "secret", facts));
    assertTrue(refusal.getMessage().contains("cannot be reached"), refusal::getMessage);
  }
}
