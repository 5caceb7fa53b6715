package io.easyagent.acceptance.onboarding;

import static io.easyagent.acceptance.onboarding.Onboarding.assertUntouched;
import static io.easyagent.acceptance.onboarding.Onboarding.paste;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.easyagent.acceptance.realhost.Distribution;
import io.easyagent.acceptance.realhost.RealHost;
import io.easyagent.api.EnrollToken;
import io.easyagent.api.client.EasyAgentClient;
import io.easyagent.testkit.Eventually;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What cannot become a host is told why, and is as it was before. */
final class RefusedIT {
  private static final String NOTHING_LEFT = "nothing was installed, and nothing is left behind";

  @TempDir static Path folder;

  private static RealHost host;
  private static Onboarding fleet;

  @BeforeAll
  static void start() throws Exception {
    host = RealHost.boot("onbo-refused");
    fleet = new Onboarding(folder);
  }

  @AfterAll
  static void close() throws Exception {
    host.close();
    fleet.close();
  }

  @AfterEach
  void nothingIsLeftBehind() throws Exception {
    assertUntouched(host);
  }

  private static void assertSays(RealHost.Result result, int status, String... words) {
    String said = result.expect(status).output();
    for (String each : words) {
      assertTrue(said.contains(each), said);
    }
  }

  private static int usesLeft(String command) throws Exception {
    try (EasyAgentClient client = fleet.server.client()) {
      List<EnrollToken> tokens = client.enrollTokens().collect(500).items();
      return tokens.stream().mapToInt(EnrollToken::usesLeft).max().orElseThrow();
    }
  }

  @Test
  void anotherScript() throws Exception {
    String command = fleet.command().replaceFirst("q \"\\^[0-9a-f]{8}", "q \"^00000000");
    assertSays(paste(host, command), 1, "not the one that is pinned here; nothing was done");
  }

  @Test
  void anotherArchive() throws Exception {
    String command = fleet.command().replaceFirst("x86_64=[0-9a-f]{8}", "x86_64=00000000");
    assertSays(paste(host, command), 1, "SHA-256", "(expected: 00000000", NOTHING_LEFT);
  }

  @Test
  void aServerWithAnotherAuthorityGetsNoToken() throws Exception {
    String command =
        fleet
            .command("--uses", "77")
            .replaceFirst("fingerprint [0-9a-f]{8}", "fingerprint 00000000");
    assertSays(paste(host, command), 1, "no token was sent", NOTHING_LEFT);
    assertEquals(77, usesLeft(command));
  }

  @Test
  void aTokenOverItsUses() throws Exception {
    String command = fleet.command();
    try (EasyAgentClient client = fleet.server.client()) {
      host.runWithInput(
              Onboarding.token(command),
              Distribution.sidecar().resolve("bin/easyagent-sidecar").toString(),
              "enroll",
              "--data",
              "/root/other",
              "--server",
              fleet.server.hostAddress(),
              "--fingerprint",
              client.enrollTokens().collect(1).items().getFirst().fingerprint(),
              "--token-file",
              "-")
          .expect(0);
    }
    assertSays(paste(host, command), 1, "used up", NOTHING_LEFT);
  }

  @Test
  void aTokenThatIsTooOld() throws Exception {
    String command = fleet.command("--lifetime", "1s");
    Instant made = Instant.now();
    Eventually.await(
        Duration.ofSeconds(10),
        "the token is too old",
        () -> made.plusSeconds(1).isBefore(Instant.now()));
    assertSays(paste(host, command), 1, "expired", "easyagent enroll-token create", NOTHING_LEFT);
  }

  @Test
  void aTokenFromOutsideItsNetwork() throws Exception {
    String command = fleet.command("--network", "192.0.2.0/24");
    assertSays(paste(host, command), 1, "allowed from this address", NOTHING_LEFT);
  }

  @Test
  void aMachineThatTheSidecarIsNotMadeFor() throws Exception {
    assertSays(
        host.runWithInput(fleet.command(), "setarch", "i686", "bash", "-s"),
        1,
        "platform: linux-i686 (expected: one that the sidecar was made for: linux-x86_64)");
  }

  @Test
  void aUserWhoIsNotRoot() throws Exception {
    assertSays(
        host.runWithInput(
            fleet.command(), "setpriv", "--reuid", "65534", "--clear-groups", "bash", "-s"),
        1,
        "user: nobody (expected: root; put sudo before the command)");
  }

  @Test
  void aDiskWithoutRoom() throws Exception {
    host.shell("mount -t tmpfs -o size=64m tmpfs /opt").expect(0);
    try {
      assertSays(
          paste(host, fleet.command()),
          1,
          "/opt/easyagent-sidecar: 6",
          " MB are free",
          NOTHING_LEFT);
    } finally {
      host.shell("umount /opt").expect(0);
    }
  }

  @Test
  void aHostOfAnotherFleet() throws Exception {
    host.shell(
            """
            mkdir -p /var/lib/easyagent-sidecar/identity
            cd /var/lib/easyagent-sidecar/identity
            printf 'host: 1\\nfleet: 2\\nservers: other.example.com:8890\\n' >host
            printf -- '-----BEGIN CERTIFICATE-----\\nAAAA\\n-----END CERTIFICATE-----\\n' >authorities.pem
            """)
        .expect(0);
    try {
      assertSays(
          paste(host, fleet.command()),
          1,
          "this machine is a host of another fleet, server other.example.com:8890",
          "--uninstall --purge");
    } finally {
      host.run("rm", "-rf", "/var/lib/easyagent-sidecar").expect(0);
    }
  }

  @Test
  void aCommandThatWasTypedWrong() throws Exception {
    String script = Distribution.sidecar().resolve("install.sh").toString();
    assertSays(host.run(script, "--fleet", "x"), 2, "--fleet: no such option", "usage:");
    assertSays(host.run(script, "--server"), 2, "--server: no value");
    assertSays(host.run(script, "--server", "a:1"), 2, "--fingerprint: missing");
    assertSays(
        host.run(script, "--server", "a:1", "--fingerprint", "12", "--token-file", "-"),
        2,
        "--fingerprint: expected 64 hexadecimal digits");
    assertSays(host.run(script, "--purge"), 2, "only with --uninstall");
    assertSays(host.run(script, "--uninstall", "--keep-agents", "--purge"), 2, "kept agents");
  }
}
