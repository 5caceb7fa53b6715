package io.easyagent.acceptance.link;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.easyagent.acceptance.fleet.CommandLine;
import io.easyagent.acceptance.realhost.ControlPlane;
import io.easyagent.acceptance.realhost.SidecarHost;
import io.easyagent.api.Host;
import io.easyagent.testkit.Eventually;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A host at the end of a line of 1 Mbit/s that a download fills. */
final class NarrowLinkIT {
  private static final Duration SOON = Duration.ofSeconds(30);

  /** So much takes 80 seconds on that line. */
  private static final int PACKAGE_BYTES = 10_000_000;

  private static final int WELL_UNDER_WAY = 400_000;
  private static final int COMMANDS = 9;

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
    return Long.parseLong(
        host.host()
            .run("cat", "/sys/class/net/eth0/statistics/rx_bytes")
            .expect(0)
            .output()
            .strip());
  }

  private static Duration timeOfACommand() {
    long start = System.nanoTime();
    commandLine.run("exec", "--all", "--", "true").expect(0);
    return Duration.ofNanos(System.nanoTime() - start);
  }

  /** design.md, "The wire": a command arrives within a second; its result is back by then, too. */
  @Test
  void aCommandDoesNotWaitForADownload() throws Exception {
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
    String batch =
        commandLine
            .run("agent", "install", "--detach", "--all", "-f", definition.toString())
            .expect(0)
            .out()
            .strip();
    Eventually.await(SOON, "the download is under way", () -> received() - before > WELL_UNDER_WAY);

    List<Duration> times = new ArrayList<>();
    for (int command = 0; command < COMMANDS; command++) {
      times.add(timeOfACommand());
    }

    long during = received() - before;
    assertTrue(during < PACKAGE_BYTES, "the download was over already");
    Collections.sort(times);
    System.out.println("commands beside a download at 1 Mbit/s: " + times);
    assertTrue(times.get(COMMANDS / 2).compareTo(Duration.ofSeconds(1)) < 0, () -> "took " + times);
    commandLine.run("batch", "cancel", batch).expect(0);
    host.host().narrowLink("1gbit");
    Eventually.await(
        SOON,
        "the installation has ended",
        () -> commandLine.run("batch", "show", batch).out().contains("cancelled"));
    assertEquals(0, commandLine.run("exec", "--all", "--", "true").status());
  }
}
