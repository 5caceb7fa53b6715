package io.easyagent.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.easyagent.testkit.Eventually;
import io.easyagent.testkit.https.Answer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Submitting, waiting, and how the waiting ends. */
final class WaitingTest {
  private static final String WATCH = "GET /api/v2/batches/" + Samples.BATCH_ID + "/watch";
  private static final String BATCH = "GET /api/v2/batches/" + Samples.BATCH_ID;
  private static final String HEADING =
      "batch 9f3c1111  restart filebeat  -l role=web  anna, 10:02:11\n";
  private static final String HOW_TO_GO_ON =
      "  watch:  easyagent batch watch "
          + Samples.BATCH_ID
          + "\n"
          + "  cancel: easyagent batch cancel "
          + Samples.BATCH_ID
          + "\n";
  private static final String LOCKED =
      ",\"message\":\"exit 1 \\\"data path already locked\\\"\",\"exitStatus\":1";

  @TempDir private Path home;
  private CommandLineRun cli;

  @BeforeEach
  void start() {
    cli = new CommandLineRun(home).loggedIn();
    cli.server.on(
        "POST /api/v2/batches",
        request ->
            request.body().contains("\"dryRun\":true")
                ? Answer.json(200, "{\"total\":2,\"offline\":0,\"hosts\":[]}")
                : Answer.json(202, Samples.batch(2, "\"queued\":2", 0, false)));
  }

  @AfterEach
  void close() {
    cli.close();
  }

  @Test
  void allWentWell() {
    watched(Samples.batch(2, "\"succeeded\":2", 0, true));
    cli.expect(0, "2/2  ok 2\n", HEADING, "agent", "restart", "filebeat", "-l", "role=web");
    assertEquals(
        "{\"command\":{\"kind\":\"restart\",\"agent\":\"filebeat\"},"
            + "\"targets\":{\"selector\":\"role=web\"}}",
        cli.server.received("POST /api/v2/batches").getLast().body());
  }

  @Test
  void failuresAreShownAsTheyComeWithTheirCause() {
    watched(
        Samples.batch(2, "\"succeeded\":1,\"failed\":1", 0, true),
        Samples.event("operation", Samples.operation(1, "restart", "web-0002", "failed", LOCKED)),
        Samples.event("operation", Samples.operation(1, "restart", "web-0002", "failed", LOCKED)),
        Samples.event("operation", Samples.operation(2, "restart", "web-1", "succeeded", "")));
    cli.expect(
        1,
        "2/2  ok 1  failed 1\n",
        HEADING + "FAILED web-0002: exit 1 \"data path already locked\"\n",
        "agent",
        "restart",
        "filebeat",
        "-l",
        "role=web");
  }

  @Test
  void whatABrokenStreamLeftOutIsAskedFor() {
    cli.server.on(
        BATCH + "/operations",
        Answer.json(
            200,
            Samples.page(
                1,
                Samples.operation(
                    1,
                    "restart",
                    "web-0002",
                    "expired",
                    ",\"message\":\"the host was offline\""))));
    watched(Samples.batch(2, "\"succeeded\":1,\"expired\":1", 0, true));
    cli.expect(
        1,
        "2/2  ok 1  expired 1\n",
        HEADING + "EXPIRED web-0002: the host was offline\n",
        "agent",
        "restart",
        "filebeat",
        "-l",
        "role=web");
  }

  @Test
  void aServerThatGoesAndComesBackIsWaitedFor() {
    cli.server.on(
        WATCH,
        Answer.events(),
        Answer.broken(),
        Answer.broken(),
        Answer.openEvents(Samples.event("end", "{}")));
    cli.server.on(BATCH, Answer.json(200, Samples.batch(2, "\"succeeded\":2", 0, true)));
    assertEquals(0, cli.run("agent", "restart", "filebeat", "-l", "role=web"));
    assertEquals(
        HEADING
            + "server out of reach (the server ended the stream); waiting for it\n"
            + "server is back\n",
        cli.err());
  }

  @Test
  void aServerThatStaysAwayIsGivenUp() {
    cli.terminal(100, false);
    cli.server.on(
        WATCH,
        request -> {
          cli.clock.advance(Duration.ofMinutes(1));
          return Answer.broken();
        });
    assertEquals(3, cli.run("agent", "restart", "filebeat", "-l", "role=web"));
    assertTrue(
        cli.err().contains("error: the server has been out of reach for 5 minutes\n"), cli.err());
    assertTrue(cli.err().contains(HOW_TO_GO_ON), cli.err());
  }

  @Test
  void onATerminalOneLineIsAlive() {
    cli.terminal(60, false);
    watched(
        Samples.batch(8000, "\"succeeded\":8000", 0, true),
        Samples.event(
            "batch",
            Samples.batch(
                8000, "\"succeeded\":7212,\"failed\":2,\"running\":749,\"queued\":37", 37, false)));
    assertEquals(0, cli.run("agent", "restart", "filebeat", "-l", "role=web"));
    assertTrue(
        cli.err().contains("7,214/8,000  ok 7,212  failed 2  running 749  offline 37 (…\r\u001b[K"),
        cli.err());
    assertTrue(cli.err().endsWith("\r\u001b[K"), "the live line is taken away");
  }

  @Test
  void theLimitOfTheWaitingEndsItAndNothingElse() {
    cli.server.on(WATCH, Answer.openEvents());
    cli.expect(
        5,
        "0/2  queued 2\n",
        HEADING + "not finished yet; the batch goes on\n" + HOW_TO_GO_ON,
        "agent",
        "restart",
        "filebeat",
        "-l",
        "role=web",
        "--timeout",
        "0s");
    assertNothingCancelled();
  }

  @Test
  void detachedPrintsTheBatchAlone() {
    cli.expect(
        0,
        Samples.BATCH_ID + "\n",
        "",
        "agent",
        "restart",
        "filebeat",
        "-l",
        "role=web",
        "--detach",
        "--deadline",
        "1h");
    assertTrue(
        cli.server
            .received("POST /api/v2/batches")
            .getLast()
            .body()
            .contains("\"timeout\":\"1h\""));
  }

  @Test
  void ctrlCDetachesAndNeverCancels() throws InterruptedException {
    cli.server.on(WATCH, Answer.openEvents());
    AtomicInteger status = new AtomicInteger(-1);
    Thread run =
        Thread.ofPlatform()
            .start(() -> status.set(cli.run("agent", "restart", "filebeat", "-l", "role=web")));
    Eventually.await(
        Duration.ofSeconds(20),
        "the program watches",
        () -> cli.onInterrupt.get() != null && !cli.server.received(WATCH).isEmpty());
    cli.onInterrupt.get().run();
    run.interrupt();
    run.join();
    assertEquals(HEADING + "\ndetached; the batch goes on\n" + HOW_TO_GO_ON, cli.err());
    assertEquals(5, status.get());
    assertNothingCancelled();
  }

  private void assertNothingCancelled() {
    assertTrue(
        cli.server.received().stream().noneMatch(request -> request.target().contains("cancel")));
  }

  @Test
  void aDryRunShowsTheHostsAndDoesNothing() {
    cli.server.on(
        "POST /api/v2/batches",
        Answer.json(
            200,
            "{\"total\":3,\"offline\":1,\"hosts\":[{\"hostId\":\"%s\",\"name\":\"web-1\",\"status\":\"online\"},{\"hostId\":\"%s\",\"name\":\"web-2\",\"status\":\"offline\"}]}"
                .formatted(Samples.WEB, Samples.DB)));
    cli.expect(
        0,
        """
        HOST   ID        STATUS
        web-1  77b0d1f2  online
        web-2  91aa02c4  offline
        and 1 more; 3 hosts match, 1 offline; nothing was done
        """,
        "",
        "agent",
        "stop",
        "filebeat",
        "--all",
        "--dry-run");
    assertEquals(1, cli.server.received().size());
  }

  @Test
  void manyHostsAreAskedAbout() {
    many();
    cli.expect(
        2,
        "",
        """
        error: stop filebeat on 8,000 hosts (37 offline): more than 50 hosts, nothing was done
          if that is meant, add --yes; --dry-run shows which they are
        """,
        "agent",
        "stop",
        "filebeat",
        "--all");
    cli.terminal(100, false).input("n\n");
    assertEquals(1, cli.run("agent", "stop", "filebeat", "--all"));
    assertEquals(
        "stop filebeat on 8,000 hosts (37 offline)? [y/N] error: nothing was done\n", cli.err());
    assertFalse(submitted(), "nothing was submitted");

    cli.input("yes\n");
    assertEquals(0, cli.run("agent", "stop", "filebeat", "--all", "--detach"));
    assertTrue(submitted());
  }

  @Test
  void yesAsksNobody() {
    many();
    assertEquals(0, cli.run("agent", "stop", "filebeat", "--all", "--detach", "--yes"));
    assertEquals(1, cli.server.received().size(), "no preview either");
  }

  @Test
  void fewNamedHostsAreNotCountedFirst() {
    assertEquals(0, cli.run("agent", "stop", "filebeat", "--host", "a", "--host", "b", "--detach"));
    assertEquals(1, cli.server.received().size());
    assertTrue(cli.server.received().getFirst().body().contains("\"hosts\":[\"a\",\"b\"]"));
  }

  private void many() {
    cli.server.on(
        "POST /api/v2/batches",
        request ->
            request.body().contains("\"dryRun\":true")
                ? Answer.json(200, "{\"total\":8000,\"offline\":37,\"hosts\":[]}")
                : Answer.json(202, Samples.batch(8000, "\"queued\":8000", 37, false)));
  }

  private boolean submitted() {
    return cli.server.received("POST /api/v2/batches").stream()
        .anyMatch(request -> !request.body().contains("dryRun"));
  }

  @Test
  void execShowsTheOutputOfOneHostAsItIs() {
    cli.server.on(
        "POST /api/v2/batches",
        Answer.json(202, Samples.batch("exec", 1, "\"queued\":1", 0, false)));
    String done = Samples.operation(1, "exec", "web-1", "succeeded", ",\"exitStatus\":0");
    cli.server.on(
        "GET /api/v2/operations/0bbb0001-0000-4000-8000-000000000001",
        Answer.json(
            200,
            done.replace(
                "\"exitStatus\":0",
                "\"exitStatus\":0,\"output\":{\"head\":\"up \\u001b[31m3 days\\n\",\"tail\":\"\",\"totalBytes\":9,\"truncated\":false}")));
    watched(Samples.batch("exec", 1, "\"succeeded\":1", 0, true), Samples.event("operation", done));
    cli.expect(
        0,
        "up ?[31m3 days\n",
        "batch 9f3c1111  exec  -l role=web  anna, 10:02:11\nweb-1: exit 0\n",
        "exec",
        "--host",
        "web-1",
        "--user",
        "nobody",
        "-e",
        "A=b=c",
        "--",
        "uptime",
        "-p");
    assertEquals(
        "{\"command\":{\"kind\":\"exec\",\"command\":[\"uptime\",\"-p\"],\"user\":\"nobody\","
            + "\"environment\":{\"A\":\"b=c\"}},\"targets\":{\"hosts\":[\"web-1\"]}}",
        cli.server.received("POST /api/v2/batches").getLast().body());
  }

  @Test
  void execOfSeveralHostsSaysWhoseLineItIsAndWhatIsMissing() throws IOException {
    cli.server.on(
        "POST /api/v2/batches",
        Answer.json(202, Samples.batch("exec", 2, "\"queued\":2", 0, false)));
    watched(
        Samples.batch("exec", 2, "\"succeeded\":1,\"failed\":1", 0, true),
        Samples.event(
            "operation",
            Samples.operation(
                1,
                "exec",
                "web-1",
                "succeeded",
                ",\"exitStatus\":0,\"output\":{\"head\":\"a\\nb\\n\",\"tail\":\"z\\n\",\"totalBytes\":1006,\"truncated\":true}")),
        Samples.event(
            "operation",
            Samples.operation(
                2,
                "exec",
                "web-2",
                "failed",
                ",\"exitStatus\":7,\"output\":{\"head\":\"oh\\n\",\"tail\":\"\",\"totalBytes\":3,\"truncated\":false}")));
    Path script = Files.writeString(home.resolve("check.sh"), "echo $1\n");
    cli.expect(
        1,
        """
        web-1 | a
        web-1 | b
        web-1 | [… 1,000 bytes left out …]
        web-1 | z
        web-2 | oh
        """,
        """
        batch 9f3c1111  exec  -l role=web  anna, 10:02:11
        web-1: exit 0
        FAILED web-2: exit 7
        """,
        "exec",
        "-l",
        "role=web",
        "--script",
        script.toString(),
        "--",
        "fast",
        "-x");
    assertTrue(
        cli.server
            .received("POST /api/v2/batches")
            .getLast()
            .body()
            .contains("\"script\":\"echo $1\\n\",\"parameters\":[\"fast\",\"-x\"]"));
  }

  /** The batch is watched to its end, with these events on the way. */
  private void watched(String atTheEnd, String... events) {
    String[] all = Arrays.copyOf(events, events.length + 1);
    all[events.length] = Samples.event("end", "{}");
    cli.server.on(WATCH, Answer.openEvents(all));
    cli.server.on(BATCH, Answer.json(200, atTheEnd));
    if (!atTheEnd.contains("expired")) {
      cli.server.on(BATCH + "/operations", Answer.json(200, Samples.page(0)));
    }
  }
}
