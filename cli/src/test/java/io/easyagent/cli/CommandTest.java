package io.easyagent.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.easyagent.testkit.https.Answer;
import io.easyagent.testkit.https.Received;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is sent for what is typed. */
final class CommandTest {
  @TempDir private Path home;
  private CommandLineRun cli;

  @BeforeEach
  void start() {
    cli = new CommandLineRun(home).loggedIn();
    cli.server.on(
        "POST /api/v2/batches",
        request ->
            request.body().contains("\"dryRun\":true")
                ? Answer.json(200, "{\"total\":1,\"offline\":0,\"hosts\":[]}")
                : Answer.json(202, Samples.batch(1, "\"queued\":1", 0, false)));
  }

  @AfterEach
  void close() {
    cli.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "agent start a --all | {\"command\":{\"kind\":\"start\",\"agent\":\"a\"},\"targets\":{\"all\":true}}",
        "agent stop a --host x | {\"command\":{\"kind\":\"stop\",\"agent\":\"a\"},\"targets\":{\"hosts\":[\"x\"]}}",
        "agent upgrade a 1.2 -l r=w | {\"command\":{\"kind\":\"upgrade\",\"agent\":\"a\",\"packageVersion\":\"1.2\"},\"targets\":{\"selector\":\"r=w\"}}",
        "agent uninstall a --host x --purge | {\"command\":{\"kind\":\"uninstall\",\"agent\":\"a\",\"purge\":true},\"targets\":{\"hosts\":[\"x\"]}}",
        "agent exec a --host x -- ls -l | {\"command\":{\"kind\":\"exec\",\"agent\":\"a\",\"command\":[\"ls\",\"-l\"]},\"targets\":{\"hosts\":[\"x\"]}}",
        "sidecar upgrade --version 2.1.0 -l fact.sidecar!=2.1.0 | {\"command\":{\"kind\":\"upgrade-sidecar\",\"version\":\"2.1.0\"},\"targets\":{\"selector\":\"fact.sidecar!=2.1.0\"}}",
        "sidecar configure -f DEFINITION --all | {\"command\":{\"kind\":\"configure-sidecar\",\"configuration\":\"name: a\"},\"targets\":{\"all\":true}}",
        "agent install -f DEFINITION --start --host x | {\"command\":{\"kind\":\"install\",\"definition\":\"name: a\",\"start\":true},\"targets\":{\"hosts\":[\"x\"]}}",
        "agent configure -f DEFINITION --hosts @HOSTS | {\"command\":{\"kind\":\"configure\",\"definition\":\"name: a\"},\"targets\":{\"hosts\":[\"x\",\"y\"]}}"
      })
  void everyVerbSendsItsCommand(String typed, String body) throws IOException {
    Path definition = Files.writeString(home.resolve("a.yaml"), "name: a");
    Path hosts = Files.writeString(home.resolve("hosts"), "# two\nx\n\n  y\n");
    String line =
        typed.replace("DEFINITION", definition.toString()).replace("HOSTS", hosts.toString());
    String[] words = ("--output table " + line).split(" ");
    int end = line.contains(" -- ") ? List.of(words).indexOf("--") : words.length;
    String[] detached = new String[words.length + 1];
    System.arraycopy(words, 0, detached, 0, end);
    detached[end] = "--detach";
    System.arraycopy(words, end, detached, end + 1, words.length - end);
    assertEquals(0, cli.run(detached), cli::err);
    assertEquals(body, cli.server.received("POST /api/v2/batches").getLast().body());
  }

  @Test
  void aFolderIsPackedAndPushed() throws IOException {
    Path folder = Files.createDirectory(home.resolve("pkg"));
    Files.writeString(folder.resolve("run.sh"), "#!/bin/sh\n");
    cli.server.on(
        "PUT /api/v2/packages/filebeat/8.15.3",
        Answer.json(
            201,
            "{\"name\":\"filebeat\",\"version\":\"8.15.3\",\"sha256\":\"00ff\",\"size\":2048,\"pushedAt\":\"2026-01-01T00:00:00Z\",\"pushedBy\":\"anna\"}"));
    cli.expect(
        0,
        "filebeat@8.15.3  2.0 KiB  sha256 00ff\n",
        "",
        "package",
        "push",
        folder.toString(),
        "filebeat@8.15.3");
    cli.run("package", "push", folder.toString(), "filebeat@8.15.3");
    List<Received> pushes = cli.server.received();
    assertEquals(
        pushes.get(0).header("content-digest").orElseThrow(),
        pushes.get(1).header("content-digest").orElseThrow(),
        "the same folder is the same package");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "agent logs AGENT|follow=false",
        "agent logs AGENT --tail 7 -f|tail=7&follow=true",
        "agent logs AGENT --since 10m|since=10m&follow=false",
        "agent logs AGENT --since 2026-11-22T14:00:00Z --tail 7|since=2026-11-22T14%3A00%3A00Z&tail=7&follow=false"
      })
  void aLogIsReadFromWhereItIsSaid(String typed, String query) {
    String agent = "/api/v2/agents/aaaa0000-0000-4000-8000-000000000001";
    cli.server.on("GET " + agent, Answer.json(200, Samples.agent()));
    cli.server.on(
        "GET " + agent + "/logs",
        Answer.openEvents(
            Samples.event("log", "{\"offset\":0,\"next\":4,\"text\":\"one\\n\"}"),
            Samples.event("end", "{}")));
    cli.expect(0, "one\n", "", typed.replace("AGENT", agent.substring(15)).split(" "));
    assertEquals(
        agent + "/logs?" + query, cli.server.received("GET " + agent + "/logs").getLast().target());
  }

  @Test
  void aTimeThatIsNoneIsNotAskedFor() {
    assertEquals(2, cli.run("agent", "logs", "a", "--since", "yesterday"));
    assertTrue(
        cli.err()
            .contains(
                "--since: \"yesterday\" (expected: a duration like 10m, or a time like 2026-11-22T14:00:00Z)"),
        cli::err);
    assertEquals(2, cli.run("agent", "logs", "a", "--since", "10m", "--tail", "10001"));
    assertEquals(List.of(), cli.server.received());
  }

  @Test
  void removalOfAHostAsks() {
    cli.server.on("GET /api/v2/hosts/web-0002", Answer.json(200, Samples.webHost()));
    cli.server.on("DELETE /api/v2/hosts/" + Samples.WEB, Answer.empty(204));
    assertEquals(2, cli.run("host", "remove", "web-0002"));
    assertTrue(cli.server.received("DELETE /api/v2/hosts/" + Samples.WEB).isEmpty());
    cli.terminal(80, false).input("y\n");
    assertEquals(0, cli.run("host", "remove", "web-0002"));
    assertTrue(cli.err().startsWith("remove web-0002 (online, 3 agents)? [y/N] "), cli.err());
    assertEquals(1, cli.server.received("DELETE /api/v2/hosts/" + Samples.WEB).size());
    cli.terminal(80, false);
    assertEquals(0, cli.run("host", "remove", "web-0002", "--yes"));
  }

  @Test
  void applySendsEveryDefinitionAndWaitsForEveryBatch() throws IOException {
    Path folder = Files.createDirectory(home.resolve("defs"));
    Files.writeString(folder.resolve("b.yml"), "name: b");
    Files.writeString(folder.resolve("a.yaml"), "name: a");
    Files.writeString(folder.resolve("notes.txt"), "no definition");
    String item =
        "{\"hostId\":\"%s\",\"hostName\":\"web-1\",\"agent\":\"a\",\"change\":\"created\",\"diff\":\"\"}"
            .formatted(Samples.WEB);
    cli.server.on(
        "POST /api/v2/apply",
        request ->
            Answer.json(
                202,
                "{\"items\":["
                    + item
                    + "],\"batches\":["
                    + (request.body().contains("dryRun") ? "" : Samples.batch(1, "", 0, false))
                    + "]}"));
    cli.server.on(
        "GET /api/v2/batches/" + Samples.BATCH_ID + "/watch",
        Answer.openEvents(Samples.event("end", "{}")));
    cli.server.on(
        "GET /api/v2/batches/" + Samples.BATCH_ID,
        Answer.json(200, Samples.batch(1, "\"succeeded\":1", 0, true)));
    cli.expect(
        0,
        """
        created a on web-1
        1 created, 0 changed, 0 unchanged, 0 failed
        1/1  ok 1
        """,
        "batch 9f3c1111  restart filebeat  -l role=web  anna, 10:02:11\n",
        "apply",
        "-f",
        folder.toString(),
        "--host",
        "web-1");
    assertEquals(
        "{\"definitions\":[{\"name\":\"%1$s/a.yaml\",\"text\":\"name: a\"},{\"name\":\"%1$s/b.yml\",\"text\":\"name: b\"}],\"targets\":{\"hosts\":[\"web-1\"]}}"
            .formatted(folder),
        cli.server.received("POST /api/v2/apply").getLast().body());
  }

  @Test
  void eventsAreFollowedFromTheLastOneShown() {
    String event =
        "{\"id\":%d,\"receivedAt\":\"2026-01-01T10:00:01Z\",\"occurredAt\":\"2026-01-01T10:00:00Z\",\"kind\":\"exited\",\"message\":\"m\"}";
    cli.server.on("GET /api/v2/events", Answer.json(200, Samples.page(1, event.formatted(41))));
    cli.server.on(
        "GET /api/v2/events/watch",
        Answer.events("id: 42\n" + Samples.event("event", event.formatted(42))),
        Answer.json(403, Samples.problem(403, "forbidden", "revoked")));
    cli.expect(
        4,
        """
        {"id":41,"receivedAt":"2026-01-01T10:00:01Z","occurredAt":"2026-01-01T10:00:00Z","kind":"exited","message":"m"}
        {"id":42,"receivedAt":"2026-01-01T10:00:01Z","occurredAt":"2026-01-01T10:00:00Z","kind":"exited","message":"m"}
        """,
        """
        server out of reach (the server ended the stream); waiting for it
        error: revoked
          what this token may do: easyagent token whoami
        """,
        "events",
        "--follow",
        "-o",
        "json");
    assertEquals(
        List.of("41", "42"),
        cli.server.received("GET /api/v2/events/watch").stream()
            .map(request -> request.header("last-event-id").orElseThrow())
            .toList());
  }

  @Test
  void anOperationIsWatchedToItsEnd() {
    String id = "0bbb0001-0000-4000-8000-000000000001";
    String running =
        Samples.operation(1, "exec", "web-1", "running", "")
            .replace(",\"finishedAt\":\"2026-01-01T10:02:15Z\"", "");
    String done = Samples.operation(1, "exec", "web-1", "failed", ",\"exitStatus\":2");
    cli.server.on(
        "GET /api/v2/operations/" + id,
        Answer.json(200, running),
        Answer.json(200, running),
        Answer.json(200, done));
    cli.server.on(
        "GET /api/v2/batches/" + Samples.BATCH_ID + "/watch",
        Answer.openEvents(Samples.event("operation", done)));
    cli.expect(1, "", "FAILED web-1: exit 2\n", "operation", "watch", id);
  }

  @Test
  void cancellingWhatRuns() {
    cli.server.on(
        "POST /api/v2/batches/9f3c/cancel",
        Answer.json(200, Samples.batch(2, "\"cancelled\":1,\"running\":1", 0, false)));
    cli.expect(
        0,
        "1/2  cancelled 1  running 1\n",
        "asked to cancel; what runs ends once its host has ended it\n"
            + "  watch:  easyagent batch watch "
            + Samples.BATCH_ID
            + "\n",
        "batch",
        "cancel",
        "9f3c");
  }

  @Test
  void cancelling() {
    cli.server.on(
        "POST /api/v2/batches/9f3c/cancel",
        Answer.json(200, Samples.batch(2, "\"cancelled\":2", 0, true)));
    cli.expect(0, "2/2  cancelled 2\n", "", "batch", "cancel", "9f3c");
    cli.server.on(
        "POST /api/v2/operations/0bbb/cancel",
        Answer.json(200, Samples.operation(1, "exec", "web-1", "cancelled", "")));
    cli.expect(0, "web-1: cancelled\n", "", "operation", "cancel", "0bbb");
  }

  @Test
  void helpAndCompletionNeedNoServer() {
    assertEquals(0, cli.run("--help"));
    for (String command :
        List.of("server", "login", "host", "agent", "exec", "apply", "batch", "completion")) {
      assertTrue(cli.out().contains("\n  " + command + " "), command);
    }
    assertEquals(0, cli.run("agent", "restart", "--help"));
    assertTrue(cli.out().startsWith("Usage: easyagent agent restart"), cli.out());
    assertEquals(0, cli.run("completion"));
    assertTrue(cli.out().contains("complete -F _complete_easyagent"));
    assertFalse(cli.out().contains("\u001b["));
    assertTrue(cli.server.received().isEmpty());
  }

  @Test
  void theServerIsStartedElsewhere() {
    cli.expect(
        2,
        "",
        "error: the server is started by the start script easyagent of the distribution, with"
            + " backup\n",
        "server",
        "backup");
  }

  private static String secret(int version, int outdated) {
    return """
    {"name":"es-ingest","version":%d,"agents":["filebeat","metricbeat"],
     "updatedAt":"2026-01-01T10:00:00Z","updatedBy":"anna","heldBy":12,"outdated":%d}
    """
        .formatted(version, outdated);
  }

  @Test
  void aSecretComesFromStandardInputAndIsNotShown() {
    cli.server.on("PUT /api/v2/secrets/es-ingest", Answer.json(200, secret(2, 12)));

    cli.input("correct horse\nbattery\r\n");
    cli.expect(
        0,
        """
        NAME       VERSION  MAY USE IT           HELD BY                 SET                  BY
        es-ingest  2        filebeat,metricbeat  12 agents, 12 outdated  2026-01-01 10:00:00  anna
        """,
        "secret es-ingest is at version 2; 12 agents have still the one before (see: easyagent"
            + " apply)\n",
        "secret",
        "set",
        "es-ingest",
        "--agents",
        "filebeat,metricbeat");

    Received received = cli.server.received().getLast();
    assertEquals("correct horse\nbattery", received.body());
    assertTrue(received.target().endsWith("?agents=filebeat%2Cmetricbeat"), received::target);
    cli.run("secret", "set", "es-ingest", "--all-agents");
    assertTrue(cli.server.received().getLast().target().endsWith("?allAgents=true"));
    cli.run("secret", "set", "es-ingest");
    assertTrue(cli.server.received().getLast().target().endsWith("/es-ingest"));
  }

  @Test
  void aSecretIsNeitherTypedNorBinary() {
    assertEquals(2, cli.run("secret", "set", "a", "--all-agents", "--agents", "b"));
    assertEquals(2, cli.input("a\uFFFDb").run("secret", "set", "a", "--all-agents"));
    assertTrue(cli.err().contains("not UTF-8 text"), cli.err());
    assertEquals(2, cli.terminal(100, false).run("secret", "set", "a", "--all-agents"));
    assertTrue(cli.err().contains("standard input is a terminal"), cli.err());
    assertEquals(List.of(), cli.server.received());
  }

  @Test
  void secretsAreListedAndRemoved() {
    cli.server.on(
        "GET /api/v2/secrets", Answer.json(200, "{\"items\":[" + secret(3, 0) + "],\"total\":1}"));
    cli.server.on("DELETE /api/v2/secrets/es-ingest", Answer.empty(204));
    cli.expect(
        0,
        """
        NAME       VERSION  MAY USE IT           HELD BY    SET                  BY
        es-ingest  3        filebeat,metricbeat  12 agents  2026-01-01 10:00:00  anna
        1 secret
        """,
        "",
        "secret",
        "list");
    cli.expect(0, "", "removed es-ingest\n", "secret", "remove", "es-ingest");
  }
}
