package io.easyagent.acceptance.link;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.easyagent.acceptance.fleet.CommandLine;
import io.easyagent.acceptance.realhost.ControlPlane;
import io.easyagent.acceptance.realhost.SidecarHost;
import io.easyagent.api.Host;
import io.easyagent.api.client.AgentQuery;
import io.easyagent.api.client.EasyAgentClient;
import io.easyagent.api.client.LogQuery;
import io.easyagent.api.client.LogUpdate;
import io.easyagent.api.client.Watch;
import io.easyagent.api.client.WatchSignal;
import io.easyagent.testkit.Eventually;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A host at the end of a line of 1 Mbit/s that a download fills, and a log that is read. */
final class NarrowLinkIT {
  private static final Duration SOON = Duration.ofSeconds(30);

  /** So much takes 80 seconds on that line. */
  private static final int PACKAGE_BYTES = 10_000_000;

  private static final int WELL_UNDER_WAY = 400_000;
  private static final int COMMANDS = 9;

  /** Lines of a log that is longer than the line takes in a minute. */
  private static final int LOG_LINES = 10_000;

  @TempDir static Path folder;

  private static SidecarHost host;
  private static ControlPlane server;
  private static CommandLine commandLine;

  @BeforeAll
  static void start() throws Exception {
    host = SidecarHost.bootInstalled("link-a");
    server = new ControlPlane(folder);
    host.enroll(server);
    host.start();
    server.await("link-a", Host.Status.online);
    commandLine = server.commandLine();
  }

  @AfterAll
  static void close() throws Exception {
    host.close();
    server.close();
  }

  private static Path content() throws IOException {
    byte[] content = new byte[PACKAGE_BYTES];
    new Random(1).nextBytes(content);
    Path large = Files.createDirectory(folder.resolve("large"));
    Files.write(large.resolve("content"), content);
    return large;
  }

  private static long received() throws Exception {
    return counted("rx_bytes");
  }

  private static long sent() throws Exception {
    return counted("tx_bytes");
  }

  private static long counted(String what) throws Exception {
    return Long.parseLong(
        host.host()
            .run("cat", "/sys/class/net/eth0/statistics/" + what)
            .expect(0)
            .output()
            .strip());
  }

  private static Duration timeOfACommand() {
    long start = System.nanoTime();
    commandLine.run("exec", "--all", "--", "true").expect(0);
    return Duration.ofNanos(System.nanoTime() - start);
  }

  private static void assertPrompt(String beside) {
    List<Duration> times = new ArrayList<>();
    for (int command = 0; command < COMMANDS; command++) {
      times.add(timeOfACommand());
    }
    Collections.sort(times);
    System.out.println("commands beside " + beside + " at 1 Mbit/s: " + times);
    assertTrue(times.get(COMMANDS / 2).compareTo(Duration.ofSeconds(1)) < 0, () -> "took " + times);
  }

  private static UUID talker(EasyAgentClient client) {
    return client
        .agents(new AgentQuery(Optional.empty(), Optional.empty(), Optional.of("talker")))
        .collect(1)
        .items()
        .getFirst()
        .id();
  }

  private static void readAll(Watch<LogUpdate> log) {
    try {
      while (true) {
        if (log.poll(SOON).orElseThrow() instanceof WatchSignal.Ended<LogUpdate>) {
          throw new AssertionError("the log was over already");
        }
      }
    } catch (InterruptedException enough) {
      Thread.currentThread().interrupt();
    }
  }

  /** design.md, "The wire": a command arrives within a second; its result is back by then, too. */
  @Test
  void aCommandWaitsForNeitherADownloadNorALog() throws Exception {
    Path talker =
        Files.writeString(
            folder.resolve("talker.yaml"),
            """
            name: talker
            user: root
            command:
            - /bin/sh
            - -c
            - head -c 16000000 /dev/zero | tr '\\0' x | fold -w 1599; exec sleep 1000
            """);
    commandLine.run("agent", "install", "--start", "--all", "-f", talker.toString()).expect(0);
    commandLine.run("package", "push", content().toString(), "large@1").expect(0);
    Path definition =
        Files.writeString(
            folder.resolve("agent.yaml"),
            """
            name: large
            package: large@1
            user: root
            command: [/bin/sleep, "1000"]
            """);
    host.host().narrowLink("1mbit");
    long before = received();
    long sentBefore = sent();
    String batch =
        commandLine
            .run("agent", "install", "--detach", "--all", "-f", definition.toString())
            .expect(0)
            .out()
            .strip();
    Eventually.await(SOON, "the download is under way", () -> received() - before > WELL_UNDER_WAY);

    assertPrompt("a download");
    try (EasyAgentClient client = server.client();
        Watch<LogUpdate> log = client.logs(talker(client), LogQuery.tail(LOG_LINES), false)) {
      Thread reader = Thread.ofPlatform().start(() -> readAll(log));
      Eventually.await(SOON, "the log is under way", () -> sent() - sentBefore > WELL_UNDER_WAY);
      assertPrompt("a download and a log");
      assertTrue(reader.isAlive(), "the log was over already");
      reader.interrupt();
      reader.join();
    }

    long during = received() - before;
    assertTrue(during < PACKAGE_BYTES, "the download was over already");
    commandLine.run("batch", "cancel", batch).expect(0);
    host.host().narrowLink("1gbit");
    Eventually.await(
        SOON,
        "the installation has ended",
        () -> commandLine.run("batch", "show", batch).out().contains("cancelled"));
    assertEquals(0, commandLine.run("exec", "--all", "--", "true").status());
  }
}
