package io.easyagent.api.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.easyagent.testkit.https.Answer;
import io.easyagent.testkit.https.ScriptedServer;
import io.easyagent.testkit.https.TestAuthority;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;

/** Who is taken for the server. */
final class ServerTrustTest {
  private static final TestAuthority OURS = new TestAuthority();
  private static final TestAuthority STRANGER = new TestAuthority();
  private static final String URI = "urn:easyagent:server:fleet";

  @Test
  void aServerOfThePinnedAuthorityIsTrustedWhateverItsAddress() {
    assertEquals("ok", ask(OURS.serverWithUri(URI), ServerTrust.Authority.parse(OURS.pem())));
  }

  @Test
  void aFingerprintIsEnough() {
    ServerTrust.Fingerprint pin = ServerTrust.Fingerprint.of(OURS.certificate());
    assertEquals("ok", ask(OURS.serverWithUri(URI), pin));
    String colons = pin.sha256().toUpperCase().replaceAll("(..)(?=.)", "$1:");
    assertEquals(pin, ServerTrust.Fingerprint.parse("SHA256:" + colons));
  }

  @Test
  void aServerKnownByNameIsTrustedAtThatName() {
    assertEquals(
        "ok", ask(OURS.serverWithName("localhost"), ServerTrust.Authority.parse(OURS.pem())));
    assertUntrusted(OURS.serverWithName("elsewhere"), ServerTrust.Authority.parse(OURS.pem()));
  }

  @Test
  void anotherAuthorityIsRefused() {
    assertUntrusted(STRANGER.serverWithUri(URI), ServerTrust.Authority.parse(OURS.pem()));
    assertUntrusted(STRANGER.serverWithUri(URI), ServerTrust.Fingerprint.of(OURS.certificate()));
  }

  @Test
  void aHostThatPlaysTheServerIsRefused() {
    assertUntrusted(OURS.clientPlayingServer(URI), ServerTrust.Authority.parse(OURS.pem()));
    assertUntrusted(OURS.clientPlayingServer(URI), ServerTrust.Fingerprint.of(OURS.certificate()));
  }

  @Test
  void badPinsAreRefusedAtOnce() {
    assertThrows(IllegalArgumentException.class, () -> ServerTrust.Fingerprint.parse("abc"));
    assertThrows(IllegalArgumentException.class, () -> ServerTrust.Authority.parse("no PEM"));
    assertThrows(IllegalArgumentException.class, () -> ServerTrust.Authority.parse(""));
  }

  private static void assertUntrusted(SSLContext server, ServerTrust trust) {
    ConnectionException thrown = assertThrows(ConnectionException.class, () -> ask(server, trust));
    assertEquals(ConnectionException.Reason.untrusted, thrown.reason(), thrown::getMessage);
  }

  private static String ask(SSLContext tls, ServerTrust trust) {
    try (ScriptedServer server = ScriptedServer.start(tls);
        EasyAgentClient client =
            new EasyAgentClient(
                new ServerConnection(server.address(), trust, Optional.of("ea_secret")),
                duration -> {})) {
      server.on(
          "GET /api/v2/version",
          Answer.json(
              200,
              "{\"version\":\"ok\",\"fleetId\":\"f\",\"generation\":\"0a\",\"apiVersion\":\"v2\"}"));
      try {
        String version = client.version().version();
        assertEquals(
            List.of(OURS.certificate()), client.trustedAuthority().orElseThrow().certificates());
        return version;
      } catch (ConnectionException failure) {
        assertTrue(server.received().isEmpty(), "nothing was sent");
        throw failure;
      }
    }
  }
}
