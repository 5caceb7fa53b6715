package io.easyagent.acceptance.logs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.easyagent.acceptance.fleet.CommandLine;
import io.easyagent.acceptance.fleet.Fleet;
import io.easyagent.acceptance.fleet.Jvm;
import io.easyagent.acceptance.fleet.RealPrograms;
import io.easyagent.api.EnrollToken;
import io.easyagent.api.EnrollTokenRequest;
import io.easyagent.api.LogPart;
import io.easyagent.api.client.AgentQuery;
import io.easyagent.api.client.HostQuery;
import io.easyagent.api.client.LogQuery;
import io.easyagent.api.client.LogUpdate;
import io.easyagent.api.client.Watch;
import io.easyagent.api.client.WatchSignal;
import io.easyagent.sidecar.SidecarMain;
import io.easyagent.testkit.Eventually;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real server, two real hosts with real agents, and what operators see of their output. */
class LogsIT {
  private static final Duration STEP = Duration.ofSeconds(1);
  private static final String NUMBERS =
      "i=0; while :; do i=$((i+1)); echo \"line $i\"; sleep 0.01; done";

  @TempDir static Path folder;

  private static Fleet fleet;
  private static CommandLine commandLine;
  private static Jvm second;
  private static String firstHost;
  private static String secondHost;

  @BeforeAll
  static void open() throws Exception {
    fleet = new Fleet(folder, new RealPrograms());
    commandLine = fleet.commandLine();
    firstHost = hostIds().getFirst();
    EnrollToken token =
        fleet
            .client()
            .createEnrollToken(
                new EnrollTokenRequest(
                    Optional.empty(), Optional.of(1), Optional.empty(), Optional.empty()));
    Path data = folder.resolve("second");
    assertEquals(
        0, fleet.enroll(data, token.token().orElseThrow(), token.fingerprint()).awaitExit());
    second =
        Jvm.start(
            SidecarMain.class,
            folder.resolve("second.log"),
            Map.of(),
            "run",
            "--data",
            data.toString());
    secondHost = hostIds().stream().filter(id -> !id.equals(firstHost)).findFirst().orElseThrow();
    Eventually.await(
        Fleet.PATIENCE,
        "both hosts are online",
        () -> commandLine.run("host", "list").out().contains("2 online"));
    install("there", "exec sleep 1000", "--host", firstHost);
  }

  @AfterAll
  static void close() throws Exception {
    commandLine
        .run("agent", "list", "-o", "json")
        .json()
        .path("items")
        .forEach(agent ->
            commandLine.run(
                "agent",
                "uninstall",
                agent.path("name").asText(),
                "--purge",
                "--host",
                agent.path("hostId").asText()));
    second.stop();
    fleet.close();
  }

  private static List<String> hostIds() {
    List<String> ids = new ArrayList<>();
    fleet.client().hosts(HostQuery.all()).forEach(host -> ids.add(host.id().toString()));
    return ids;
  }

  private static Path definition(String name, String shell) throws IOException {
    return Files.writeString(
        folder.resolve(name + ".yaml"),
        """
        name: %s
        user: root
        command: [/bin/sh, -c, '%s']
        """
            .formatted(name, shell));
  }

  private static void install(String name, String shell, String... targets) throws IOException {
    Path definition = definition(name, shell);
    run(
        Stream.concat(
                Stream.of("agent", "install", "--start", "-f", definition.toString()),
                Stream.of(targets))
            .toArray(String[]::new));
  }

  private static CommandLine.Result run(String... words) {
    return commandLine.run(words).expect(0);
  }

  private static UUID agent(String name) {
    return fleet
        .client()
        .agents(new AgentQuery(Optional.empty(), Optional.empty(), Optional.of(name)))
        .collect(1)
        .items()
        .getFirst()
        .id();
  }

  private static void awaitPrinted(String name, String text) {
    Path log = fleet.hostData().resolve("agents/" + name + "/logs/" + name + ".log");
    Eventually.await(Fleet.PATIENCE, name + " prints", () -> Files.readString(log).contains(text));
  }

  /** Of those who left in the test before. */
  @BeforeEach
  void awaitRoom() {
    Eventually.await(
        Fleet.PATIENCE,
        "room for a reader",
        () -> commandLine.run("agent", "logs", "there", "--tail", "0").status() == 0);
  }

  @Test
  void theLastLinesAreShown() throws Exception {
    install("short", "seq 1 250; exec sleep 1000", "--host", firstHost);
    awaitPrinted("short", "250");

    assertEquals(
        lines(248, 250), run("agent", "logs", "short", "--tail", "3").out().lines().toList());
    assertEquals(lines(151, 250), run("agent", "logs", "short").out().lines().toList());
    assertEquals(
        lines(1, 250),
        run("agent", "logs", "short", "--tail", "9999", "--host", firstHost)
            .out()
            .lines()
            .toList());
    assertEquals("", run("agent", "logs", "short", "--tail", "0").out());
    assertEquals(
        "250",
        run("agent", "logs", "short", "--tail", "1", "-o", "json").json().path("line").asText());
    assertTrue(
        run("audit", "list").out().contains("agent.logs"), "who read an output is on record");
  }

  /** Lines have no times: the host has noted when its log had grown how far. */
  @Test
  void whatWasPrintedSinceIsShown() throws Exception {
    Path go = folder.resolve("since-go");
    install(
        "since",
        "seq 1 200; until [ -e " + go + " ]; do sleep 0.1; done; seq 201 250; exec sleep 1000",
        "--host",
        firstHost);
    awaitPrinted("since", "200");
    Eventually.await(
        Fleet.PATIENCE,
        "all of it is noted",
        () -> run("agent", "logs", "since", "--since", "0s").out().isEmpty());
    String between = Instant.now().toString();
    Files.createFile(go);
    awaitPrinted("since", "250");

    assertEquals(
        lines(201, 250), run("agent", "logs", "since", "--since", between).out().lines().toList());
    assertEquals(
        lines(249, 250),
        run("agent", "logs", "since", "--since", between, "--tail", "2").out().lines().toList());
    assertEquals(
        lines(1, 250), run("agent", "logs", "since", "--since", "1h").out().lines().toList());
    try (Following follow =
        new Following(fleet, folder, "agent", "logs", "since", "-f", "--since", between)) {
      awaitLines(follow, 50);
      assertEquals(lines(201, 250), follow.lines());
    }
    commandLine.run("agent", "logs", "since", "--since", "yesterday").expect(2);
    CommandLine.Result future =
        commandLine.run("agent", "logs", "since", "--since", "2999-01-01T00:00:00Z");
    future.expect(2);
    assertTrue(future.err().contains("a time that has come"), future::screen);
  }

  private static List<String> lines(int first, int last) {
    return IntStream.rangeClosed(first, last).mapToObj(Integer::toString).toList();
  }

  @Test
  void whatIsRotatedWhileItIsFollowedComesWhole() throws Exception {
    Path definition =
        Files.writeString(
            folder.resolve("rotating.yaml"),
            """
            name: rotating
            user: root
            command:
            - /bin/sh
            - -c
            - |
              i=0
              while [ $i -lt 60 ]; do seq $((i*2000+1)) $((i*2000+2000)); i=$((i+1)); sleep 0.05; done
              exec sleep 1000
            logs: {maxSize: 64KiB, keep: 100}
            """);
    run("agent", "install", "--start", "-f", definition.toString(), "--host", firstHost);
    try (Following follow =
        new Following(fleet, folder, "agent", "logs", "rotating", "-f", "--tail", "10000")) {
      Eventually.await(
          Fleet.PATIENCE,
          "the last line comes",
          () -> {
            List<String> seen = follow.lines();
            return !seen.isEmpty() && seen.getLast().equals("120000");
          });
      List<String> seen = follow.lines();
      assertEquals(lines(Integer.parseInt(seen.getFirst()), 120_000), seen);
      assertFalse(follow.notes().contains("not kept"), follow::notes);
    }
    try (Stream<Path> files = Files.list(fleet.hostData().resolve("agents/rotating/logs"))) {
      assertTrue(
          files.filter(file -> file.toString().matches(".*[.]log[.][0-9]{20}")).count() >= 5,
          "the log was rotated meanwhile");
    }
  }

  /** design.md: kill -9 of the sidecar at any moment; also what is followed misses nothing. */
  @Test
  void followingGoesOnOverTheSidecarsDeath() throws Exception {
    install("counter", NUMBERS, "--host", firstHost);
    try (Following follow =
        new Following(fleet, folder, "agent", "logs", "counter", "-f", "--tail", "5")) {
      awaitLines(follow, 50);
      for (int kill = 0; kill < 3; kill++) {
        fleet.killSidecar();
        int before = follow.lines().size();
        awaitLines(follow, before + 50);
      }

      List<String> seen = follow.lines();
      int first = Integer.parseInt(seen.getFirst().substring("line ".length()));
      assertEquals(
          IntStream.range(first, first + seen.size()).mapToObj(i -> "line " + i).toList(), seen);
      assertTrue(follow.notes().contains("out of reach"), follow::notes);
      assertFalse(follow.notes().contains("not kept"), follow::notes);
    }
    run("agent", "stop", "counter", "--host", firstHost);
  }

  private static void awaitLines(Following follow, int number) {
    try {
      Eventually.await(Fleet.PATIENCE, number + " lines", () -> follow.lines().size() >= number);
    } catch (AssertionError late) {
      throw new AssertionError(follow.lines().size() + "; " + follow.notes() + fleet.logs(), late);
    }
  }

  @Test
  void severalHostsAreToldApartAndLinesStayWhole() throws Exception {
    install("both", NUMBERS, "--all");
    try (Following follow = new Following(fleet, folder, "agent", "logs", "both", "-f", "--all")) {
      awaitLines(follow, 200);
      List<String> seen = follow.lines();
      assertTrue(
          seen.stream().allMatch(line -> line.matches("[^|]+ \\| line [0-9]+")),
          () -> String.join("\n", seen));
    }
    run("agent", "stop", "both", "--all");
    CommandLine.Result ambiguous = commandLine.run("agent", "logs", "both");
    ambiguous.expect(2);
    assertTrue(ambiguous.err().contains("2 hosts"), ambiguous::screen);
  }

  /** Nothing piles up anywhere for who does not read, and nothing is missing when they do. */
  @Test
  void aSlowReaderStopsTheReadingOnTheHost() throws Exception {
    int last = 6_000_000;
    Path definition = definition("flood", "seq 1 " + last + "; exec sleep 1000");
    run("agent", "install", "-f", definition.toString(), "--host", firstHost);
    try (Watch<LogUpdate> watch = reading("flood", 0)) {
      run("agent", "start", "flood", "--host", firstHost);
      Path log = fleet.hostData().resolve("agents/flood/logs/flood.log");
      long size = IntStream.rangeClosed(1, last).mapToLong(i -> (i + "\n").length()).sum();
      Eventually.await(Fleet.PATIENCE, "all is written", () -> Files.size(log) == size);
      long relayed = settled();
      assertTrue(relayed < size / 2, "relayed with nobody reading: " + relayed + " of " + size);

      StringBuilder tail = new StringBuilder();
      int next = 1;
      while (next <= last) {
        tail.append(part(watch).text());
        int begin = 0;
        for (int end = tail.indexOf("\n"); end >= 0; end = tail.indexOf("\n", begin)) {
          assertEquals(Integer.toString(next), tail.substring(begin, end));
          next++;
          begin = end + 1;
        }
        tail.delete(0, begin);
      }
    }
  }

  /** Opens a stream, when those who left it have been noticed to be gone. */
  private static Watch<LogUpdate> reading(String name, int tail) {
    return Eventually.awaitValue(
        Fleet.PATIENCE,
        "a place to read " + name,
        () -> {
          Watch<LogUpdate> watch = fleet.client().logs(agent(name), LogQuery.tail(tail), true);
          if (watch.poll(Fleet.PATIENCE).orElseThrow() instanceof WatchSignal.Item<LogUpdate> _) {
            return Optional.of(watch);
          }
          watch.close();
          return Optional.empty();
        });
  }

  private static LogPart part(Watch<LogUpdate> watch) throws InterruptedException {
    WatchSignal<LogUpdate> signal =
        Eventually.awaitValue(Fleet.PATIENCE, "a part", () -> watch.poll(STEP));
    if (signal instanceof WatchSignal.Item<LogUpdate>(LogUpdate.Part(LogPart part))) {
      return part;
    }
    throw new AssertionError("no part: " + signal);
  }

  /** How much went over the link in all, once it is still. */
  private static long settled() {
    return Eventually.awaitValue(
        Fleet.PATIENCE,
        "the link is still",
        () -> {
          long before = fleet.link().relayed();
          Thread.sleep(2_000);
          long now = fleet.link().relayed();
          return now - before < 100_000 ? Optional.of(now) : Optional.empty();
        });
  }

  @Test
  void secretsAreTakenOutHoweverTheyAreWritten() throws Exception {
    commandLine
        .runWithInput("hunter22-forever\n", "secret", "set", "noisy-key", "--agents", "noisy")
        .expect(0);
    Path definition =
        Files.writeString(
            folder.resolve("noisy.yaml"),
            """
            name: noisy
            user: root
            environment: {KEY: "{{secret.noisy-key}}"}
            command: [/bin/sh, -c, 'echo "whole $KEY"; printf "slow hunt"; sleep 0.3; echo "er22-forever"; echo end; sleep 1000']
            """);
    run("agent", "install", "--start", "-f", definition.toString(), "--host", firstHost);
    try (Following follow = new Following(fleet, folder, "agent", "logs", "noisy", "-f")) {
      Eventually.await(Fleet.PATIENCE, "all lines", () -> follow.lines().contains("end"));

      assertEquals(List.of("whole ******", "slow ******", "end"), follow.lines());
    }
    run("agent", "stop", "noisy", "--host", firstHost);
  }

  @Test
  void whatAnAgentPrintsCannotCommandATerminal() throws Exception {
    install("rude", "printf \"a\\033[2Jb\\007\\n\"; exec sleep 1000", "--host", firstHost);
    awaitPrinted("rude", "a");

    assertEquals("a?[2Jb?\n", run("agent", "logs", "rude").out());
  }

  @Test
  void uninstallingTheAgentEndsTheReading() throws Exception {
    install("leaving", NUMBERS, "--host", firstHost);
    try (Following follow = new Following(fleet, folder, "agent", "logs", "leaving", "-f")) {
      awaitLines(follow, 5);
      run("agent", "uninstall", "leaving", "--host", firstHost);

      Eventually.await(
          Fleet.PATIENCE, "the reason", () -> follow.notes().contains("was uninstalled"));
    }
  }

  @Test
  void whoMayNotOrCannotReadIsTold() throws Exception {
    install("kept", "echo mine; sleep 1000", "--host", firstHost);
    String viewer = run("token", "create", "a-viewer", "--role", "viewer").out().strip();
    CommandLine.Result refused =
        fleet.commandLine(fleet.operatorUrl(), viewer).run("agent", "logs", "kept");
    refused.expect(4);
    assertTrue(refused.err().contains("the role viewer (expected: operator)"), refused::screen);
    commandLine.run("agent", "logs", "nothing").expect(1);
    commandLine.run("agent", "logs", UUID.randomUUID().toString()).expect(1);
    commandLine.run("agent", "logs", "kept", "--tail", "10001").expect(2);
    commandLine.run("agent", "logs", "kept", "--host", secondHost).expect(1);

    List<Watch<LogUpdate>> open = new ArrayList<>();
    try {
      for (int i = 0; i < 4; i++) {
        open.add(reading("kept", 10));
      }
      CommandLine.Result tooMany = commandLine.run("agent", "logs", "kept");
      tooMany.expect(3);
      assertTrue(tooMany.err().contains("4 logs of host"), tooMany::screen);
    } finally {
      open.forEach(Watch::close);
    }
    Eventually.await(
        Fleet.PATIENCE,
        "a place that is free again",
        () -> commandLine.run("agent", "logs", "kept").status() == 0);
    run("agent", "stop", "kept", "--host", firstHost);
  }
}
