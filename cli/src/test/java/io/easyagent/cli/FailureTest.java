package io.easyagent.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.easyagent.cli.config.Configuration;
import io.easyagent.testkit.https.Answer;
import io.easyagent.testkit.https.TestAuthority;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is said when something goes wrong, and with which exit status. */
final class FailureTest {
  @TempDir private Path home;
  private CommandLineRun cli;

  @BeforeEach
  void start() {
    cli = new CommandLineRun(home).loggedIn();
  }

  @AfterEach
  void close() {
    cli.close();
  }

  @ParameterizedTest
  @CsvSource({
    "400, bad-request, 2",
    "400, invalid-definition, 2",
    "400, unknown-key, 2",
    "401, unauthenticated, 4",
    "403, forbidden, 4",
    "404, not-found, 1",
    "409, ambiguous, 2",
    "409, conflict, 1",
    "422, idempotency-key-reused, 1",
    "422, no-host-matches, 2",
    "413, too-large, 2",
    "429, too-many-requests, 3",
    "409, unsupported-by-host, 1",
    "507, storage-full, 1",
    "503, unavailable, 3",
    "500, internal, 1",
    "403, of-tomorrow, 4",
    "422, of-tomorrow, 2",
    "503, of-tomorrow, 3",
    "418, of-tomorrow, 1"
  })
  void everyProblemHasItsExitStatus(int status, String code, int expected) {
    cli.server.on(
        "GET /api/v2/hosts", Answer.json(status, Samples.problem(status, code, "it cannot be")));
    assertEquals(expected, cli.run("host", "list"));
    assertTrue(cli.err().startsWith("error: it cannot be\n"), cli.err());
    assertTrue(cli.err().lines().count() <= 2, cli.err());
    assertEquals("", cli.out());
  }

  @Test
  void everythingThatIsWrongIsNamedWithItsPlace() {
    cli.server.on(
        "GET /api/v2/hosts",
        Answer.json(
            400,
            """
            {"type":"about:blank","title":"T","status":400,"detail":"the definition is invalid",
             "code":"invalid-definition","retryable":false,"errors":[
             {"place":"filebeat.yml:12:3 stop.signl","message":"unknown key (nearest: signal)"}]}\
            """));
    cli.expect(
        2,
        "",
        """
        error: the definition is invalid
          filebeat.yml:12:3 stop.signl: unknown key (nearest: signal)
        """,
        "host",
        "list");
  }

  @Test
  void aServerThatIsNotThere() {
    cli.server.close();
    cli.expect(
        3,
        "",
        "error: "
            + cli.server.address()
            + ": connection refused\n"
            + "  is the server running, and is that its address, with the port for operators (8889)?"
            + " (easyagent login)\n",
        "host",
        "list");
  }

  @Test
  void aServerThatIsAnother() throws IOException {
    cli.configurationFile()
        .write(new Configuration(cli.server.address(), new TestAuthority().pem(), "ea_secret"));
    assertEquals(3, cli.run("host", "list"));
    assertTrue(
        cli.err().contains(": its certificate is not from the CA that is pinned"), cli.err());
    assertTrue(cli.server.received().isEmpty(), "the token was not sent");
  }

  @Test
  void anAnswerThatIsNoneOfOurs() {
    cli.server.on("GET /api/v2/hosts", Answer.json(200, "hello"));
    assertEquals(1, cli.run("host", "list"));
    assertTrue(
        cli.err().startsWith("error: the server's answer is not what this client understands"),
        cli.err());
    assertFalse(cli.err().contains("\tat "), "no stack trace");
    assertEquals(1, cli.run("host", "list", "--debug"));
    assertTrue(cli.err().contains("\tat "), "a stack trace with --debug");
  }

  @Test
  void aConfigurationThatOthersCanReadIsRefused() throws IOException {
    Path file = cli.configurationFile().path();
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
    cli.expect(
        2,
        "",
        "error: "
            + file
            + ": others can use it (rw-r-----, expected: rw-------); it holds a token\n"
            + "  chmod 600 "
            + file
            + "\n",
        "host",
        "list");
    assertTrue(cli.server.received().isEmpty());
  }

  @Test
  void aConfigurationWithNonsense() throws IOException {
    Path file = cli.configurationFile().path();
    for (String text :
        new String[] {"server: x\ntokn: y\n", "a: [", "just text", "server: https://h:1\n"}) {
      Files.writeString(file, text);
      assertEquals(2, cli.run("host", "list"), text);
      assertTrue(cli.err().startsWith("error: " + file), cli.err());
      assertEquals(2, cli.err().lines().count(), cli.err());
    }
  }

  @Test
  void notLoggedIn() throws IOException {
    Files.delete(cli.configurationFile().path());
    cli.expect(
        2,
        "",
        "error: not logged in: "
            + cli.configurationFile().path()
            + " does not exist\n"
            + "  log in: easyagent login --server https://HOST:8889 --fingerprint HEX --token-file"
            + " FILE\n",
        "host",
        "list");
  }

  @Test
  void anAgentOnSeveralHostsIsAskedFor() {
    cli.server.on(
        "GET /api/v2/agents",
        Answer.json(
            200, Samples.page(2, Samples.agent(), Samples.agent().replace("web-0002", "web-3"))));
    cli.expect(
        2,
        "",
        """
        error: agent "filebeat" is on 2 hosts: web-0002, web-3
          say which: --host NAME
        """,
        "agent",
        "show",
        "filebeat");
    cli.server.on("GET /api/v2/agents", Answer.json(200, Samples.page(0)));
    cli.expect(
        1,
        "",
        """
        error: no agent "filebeat" on web-9
          which there are: easyagent agent list
        """,
        "agent",
        "show",
        "filebeat",
        "--host",
        "web-9");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "host lst | lst: no such command (did you mean list?)",
        "hosts | hosts: no such command (did you mean host?)",
        "xyzzy | xyzzy: no such command (expected: one of server, login, host, enroll-token, package, sidecar, apply, agent, exec, batch, operation, events, audit, token, ca, secret, version, completion)",
        "host list more | more: one word too many",
        "host list --labels | --labels: no such option",
        "host list -o xml | --output: xml (expected: one of table, json, yaml)",
        "host add --ssh | --ssh: no value (expected: USER@HOST)",
        "ca | a command is missing (expected: one of retire, rotate, show, trust)",
        "agent stop filebeat | for which hosts? (expected: --host NAME, --hosts SELECTOR, --hosts @FILE or --all)",
        "agent stop filebeat --all --host a | hosts given in two ways (expected: one of --host, --hosts and --all)",
        "agent stop --all | AGENT: missing",
        "agent stop filebeat --hosts @/nowhere | --hosts: /nowhere does not exist",
        "agent stop filebeat --all --deadline soon | --deadline: \"soon\" (expected: a duration such as 30s, 15m or 1h30m)",
        "agent stop filebeat --all --deadline 0s | --deadline: \"0s\" (expected: a duration above 0 such as 30s, 15m or 1h30m)",
        "agent stop filebeat --all --timeout -1s | --timeout: \"-1s\" (expected: a duration such as 30s, 15m or 1h30m)",
        "exec --all | nothing to run (expected: -- COMMAND or --script FILE)",
        "exec --all -e A -- ls | --env: \"A\" (expected: KEY=VALUE)",
        "host label web-1 | nothing to change (expected: KEY=VALUE or --remove KEY)",
        "host label web-1 role | label: \"role\" (expected: KEY=VALUE)",
        "package push /nowhere filebeat@1 | /nowhere: neither a file nor a folder",
        "package sign /nowhere filebeat@1 --key /nowhere | /nowhere: no file (expected: the archive to be pushed)",
        "package sign /etc/passwd filebeat@1 --key /etc/passwd | /etc/passwd: no Ed25519 private key (expected: a PEM file, for example of: openssl genpkey -algorithm ed25519)",
        "package push /etc filebeat@1 --signature /etc/passwd | --signature: with the folder /etc (expected: the archive that was signed)",
        "package push /etc/passwd filebeat@1 --signature /etc/passwd | /etc/passwd: more than 64 bytes (expected: the 64 bytes of an Ed25519 signature)",
        "package remove filebeat | package: \"filebeat\" (expected: NAME@VERSION, for example filebeat@8.15.3)",
        "audit verify --head /nowhere | --head: /nowhere does not exist",
        "token create ci --role viewer --max-hosts 0 | --max-hosts: 0 (expected: 1 or more)",
        "token create ci --role root | --role: root (expected: one of viewer, operator, admin)",
        "token create ci --role viewer --max-hosts many | --max-hosts: many (expected: a whole number)",
        "token revoke 77b0 | token: \"77b0\" (expected: a whole id)",
        "host list --limit 0 | --limit: 0 (expected: 1 or more)",
        "agent list --limit -1 | --limit: -1 (expected: 1 or more)",
        "batch list --limit 0 | --limit: 0 (expected: 1 or more)",
        "apply -f /nowhere --all | --file: /nowhere does not exist"
      })
  void wrongUsageIsSaidAndNothingIsSent(String typed, String message) {
    assertEquals(2, cli.run(typed.split(" ")));
    assertTrue(cli.err().startsWith("error: " + message + "\n"), cli.err());
    assertTrue(cli.server.received().isEmpty());
  }

  @Test
  void whatIsSaidOnceIsNotSaidAgain() {
    cli.server.on(
        "GET /api/v2/hosts/nope",
        Answer.json(
            404,
            """
            {"type":"about:blank","title":"T","status":404,"detail":"there is no host nope",
             "code":"not-found","retryable":false,"errors":[
             {"place":"nope","message":"there is no host nope"}]}\
            """));
    cli.expect(1, "", "error: there is no host nope\n", "host", "show", "nope");
  }

  @Test
  void anEmptySelectorMatchesNothing() {
    assertEquals(2, cli.run("agent", "stop", "filebeat", "--hosts", " "));
    assertTrue(cli.err().startsWith("error: --hosts: empty"), cli.err());
    assertTrue(cli.server.received().isEmpty());
  }
}
