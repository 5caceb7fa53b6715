package io.easyagent.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.easyagent.api.client.ServerTrust;
import io.easyagent.cli.config.Configuration;
import io.easyagent.testkit.https.Answer;
import io.easyagent.testkit.https.TestAuthority;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LoginTest {
  private static final String WHOAMI =
      "{\"id\":\"%s\",\"name\":\"anna\",\"role\":\"admin\",\"exec\":false,\"createdAt\":\"2026-01-01T10:00:00Z\",\"expiresAt\":\"2026-04-01T10:00:00Z\"}"
          .formatted(Samples.WEB);

  @TempDir private Path home;
  private CommandLineRun cli;
  private String fingerprint = "";

  @BeforeEach
  void start() {
    cli = new CommandLineRun(home);
    cli.server.on("GET /api/v2/whoami", Answer.json(200, WHOAMI));
    fingerprint = ServerTrust.Fingerprint.of(CommandLineRun.AUTHORITY.certificate()).sha256();
  }

  @AfterEach
  void close() {
    cli.close();
  }

  @Test
  void aFingerprintIsTurnedIntoTheCertificateItStandsFor() throws IOException {
    cli.input("ea_secret\n");
    cli.expect(
        0,
        "logged in to " + cli.server.address() + " as anna (admin, until 2026-04-01 10:00:00)\n",
        "written to " + cli.configurationFile().path() + "\n",
        "login",
        "--server",
        cli.server.address().toString(),
        "--fingerprint",
        fingerprint,
        "--token-file",
        "-");
    Configuration written = cli.configurationFile().read();
    assertEquals(
        new Configuration(cli.server.address(), CommandLineRun.AUTHORITY.pem(), "ea_secret"),
        written);
    assertEquals(
        "rw-------",
        PosixFilePermissions.toString(
            Files.getPosixFilePermissions(cli.configurationFile().path())));
    assertEquals(
        "rwx------",
        PosixFilePermissions.toString(
            Files.getPosixFilePermissions(cli.configurationFile().path().getParent())));
    assertFalse(written.toString().contains("ea_secret"));

    assertEquals(0, cli.run("token", "whoami"), "the next command uses it");
    assertEquals(
        Optional.of("Bearer ea_secret"), cli.server.received().getLast().header("authorization"));
  }

  @Test
  void aCertificateFileAndAnotherConfiguration() throws IOException {
    Path ca = Files.writeString(home.resolve("ca.pem"), CommandLineRun.AUTHORITY.pem());
    Path token = Files.writeString(home.resolve("token"), "ea_secret");
    Path other = home.resolve("other/config.yaml");
    assertEquals(
        0,
        cli.run(
            "login",
            "--config",
            other.toString(),
            "--server",
            cli.server.address().toString(),
            "--ca-file",
            ca.toString(),
            "--token-file",
            token.toString()),
        cli::err);
    assertFalse(cli.configurationFile().exists());
    assertEquals(0, cli.run("--config", other.toString(), "token", "whoami"));
  }

  @Test
  void aWrongTokenIsNotWritten() {
    cli.server.on(
        "GET /api/v2/whoami",
        Answer.json(401, Samples.problem(401, "unauthenticated", "unknown token")));
    cli.input("ea_wrong");
    assertEquals(4, login(fingerprint));
    assertFalse(cli.configurationFile().exists());
  }

  @Test
  void aServerWithAnotherFingerprintGetsNoToken() {
    cli.input("ea_secret");
    assertEquals(3, login(ServerTrust.Fingerprint.of(new TestAuthority().certificate()).sha256()));
    assertTrue(cli.server.received().isEmpty());
    assertFalse(cli.configurationFile().exists());
  }

  @Test
  void wrongUsage() throws IOException {
    cli.input("");
    assertEquals(2, login(fingerprint));
    assertEquals("error: --token-file: - is empty\n", cli.err());
    cli.input("ea_secret");
    assertEquals(2, login("12:34"));
    assertEquals("error: fingerprint: \"1234\" (expected: 64 hexadecimal digits)\n", cli.err());
    assertEquals(2, cli.run("login", "--server", "http://h", "--token-file", "-"));
    assertEquals("error: expected: one of --ca-file and --fingerprint\n", cli.err());
    assertEquals(
        2,
        cli.run(
            "login", "--server", "http://h", "--fingerprint", fingerprint, "--token-file", "-"));
    assertEquals("error: server: \"http://h\" (expected: https://HOST:PORT)\n", cli.err());
    assertEquals(
        2,
        cli.run(
            "login",
            "--server",
            "https://h:99999",
            "--fingerprint",
            fingerprint,
            "--token-file",
            "-"));
    assertEquals(
        "error: server: \"https://h:99999\" (expected: a port of 1 to 65535)\n", cli.err());
    assertEquals(
        2,
        cli.run("login", "--server", "https://h", "--ca-file", "/etc/passwd", "--token-file", "-"));
    assertEquals(
        "error: --ca-file: /etc/passwd: CA certificates: not readable (expected: PEM"
            + " certificates)\n",
        cli.err());
  }

  private int login(String pin) {
    return cli.run(
        "login",
        "--server",
        cli.server.address().toString(),
        "--fingerprint",
        pin,
        "--token-file",
        "-");
  }
}
