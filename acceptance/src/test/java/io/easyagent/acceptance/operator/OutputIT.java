package io.easyagent.acceptance.operator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.easyagent.acceptance.fleet.Fleet;
import io.easyagent.sidecar.log.KeptLog;
import io.easyagent.testkit.Eventually;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real agents write past the bounds of their logs, under a sidecar that is killed meanwhile. */
class OutputIT {
  private static final int KILLS = 4;
  private static final int PORTION = 10_000;
  private static final int PORTIONS = 200;

  /** Numbered lines, about 14 MB of them in some ten seconds; says when it is done. */
  private static final String WRITER =
      """
      #!/bin/sh
      i=0
      while [ $i -lt %d ]; do
        seq $((i * %d + 1)) $(((i + 1) * %d))
        i=$((i + 1))
        sleep 0.04
      done
      touch "$1/done"
      trap 'exit 0' TERM
      while :; do sleep 1000 & wait $!; done
      """
          .formatted(PORTIONS, PORTION, PORTION);

  private static final String TRUNCATING =
      """
      #!/bin/sh
      seq 1 50000
      until [ -e "$1/go" ]; do sleep 0.1; done
      : > /dev/stdout
      echo anew
      trap 'exit 0' TERM
      while :; do sleep 1000 & wait $!; done
      """;

  @TempDir static Path folder;

  private static Site site;

  @BeforeAll
  static void open() throws Exception {
    site = new Site(folder);
  }

  @AfterAll
  static void close() throws Exception {
    site.close();
  }

  private static void install(String name, String script, String logs) throws IOException {
    Path program = site.newFolder("program-").resolve(name + ".sh");
    Files.writeString(program, script);
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
    Path definition =
        site.file(
            name + ".yaml",
            """
            name: %s
            user: %s
            command: ["%s", "{{data}}"]
            stop: {grace: 5s}
            logs: %s
            """
                .formatted(name, Site.user(), program, logs));
    site.run("agent", "install", "--start", "--all", "-f", definition.toString()).expect(0);
  }

  private static KeptLog log(String name) {
    return KeptLog.of(site.agentFolder(name).resolve("logs"), name);
  }

  private static String read(String name) throws IOException {
    KeptLog log = log(name);
    StringBuilder text = new StringBuilder();
    ByteBuffer bytes = ByteBuffer.allocate(1 << 16);
    for (long offset = log.begin(); log.read(offset, bytes.clear()) > 0; ) {
      text.append(new String(bytes.array(), 0, bytes.position(), StandardCharsets.US_ASCII));
      offset += bytes.position();
    }
    return text.toString();
  }

  private static List<Path> rotated(String name) throws IOException {
    try (Stream<Path> files = Files.list(site.agentFolder(name).resolve("logs"))) {
      return files
          .filter(file -> file.getFileName().toString().matches(".*\\.log\\.\\d{20}(\\.gz)?"))
          .toList();
    }
  }

  /** What the disk gives to an agent's log, in bytes. */
  private static long used(String name) throws Exception {
    Process du =
        new ProcessBuilder(
                "du", "-s", "--block-size=1", site.agentFolder(name).resolve("logs").toString())
            .redirectErrorStream(true)
            .start();
    String text = new String(du.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertTrue(du.waitFor(10, TimeUnit.SECONDS), text);
    // What a rotation has removed under it is told first, and not counted.
    return Long.parseLong(text.lines().toList().getLast().split("\\s")[0]);
  }

  private static void assertEndsWith(long last, String text) {
    String[] lines = text.split("\n");
    long expected = last - lines.length + 1;
    for (String line : lines) {
      assertEquals(Long.toString(expected), line);
      expected++;
    }
  }

  @Test
  void noLineIsLostWhileTheSidecarIsKilledAndTheFolderStaysWithinItsBound() throws Exception {
    install("all", WRITER, "{maxSize: 256KiB, keep: 100}");
    install("few", WRITER, "{maxSize: 256KiB, keep: 3, compress: true}");
    int pid = site.pid("all");
    for (int kill = 0; kill < KILLS; kill++) {
      long end = log("all").end();
      Eventually.await(
          Fleet.PATIENCE, "it writes and is rotated", () -> log("all").end() > end + (1 << 20));
      site.fleet().killSidecar();
    }
    for (String name : List.of("all", "few")) {
      Eventually.await(
          Fleet.PATIENCE,
          name + " is done",
          () -> Files.exists(site.agentFolder(name).resolve("data/done")));
    }
    Eventually.await(Fleet.PATIENCE, "the host is online", site.fleet()::online);
    Eventually.await(
        Fleet.PATIENCE, "all is rotated", () -> used("all") < log("all").end() + (1 << 20));
    Eventually.await(
        Fleet.PATIENCE, "what is over the bound is gone", () -> used("few") < 4 * (256 << 10));

    String all = read("all");
    assertEquals(0, log("all").begin());
    assertTrue(rotated("all").size() > 20, rotated("all").toString());
    assertEquals((long) PORTIONS * PORTION, all.lines().count());
    assertEndsWith((long) PORTIONS * PORTION, all);

    assertTrue(rotated("few").size() <= 3, rotated("few").toString());
    assertTrue(
        rotated("few").stream().allMatch(file -> file.toString().endsWith(".gz")),
        rotated("few").toString());
    assertEndsWith((long) PORTIONS * PORTION, read("few"));
    assertTrue(log("few").begin() > 0);
    assertEquals(pid, site.pid("all"), "it runs on");

    for (String name : List.of("all", "few")) {
      site.run("agent", "uninstall", name, "--purge", "--all").expect(0);
      assertTrue(Files.notExists(site.agentFolder(name)), "nothing is left");
    }
    site.assertUnharmed();
  }

  @Test
  void anAgentThatTruncatesItsLogIsShownWithThatCondition() throws Exception {
    install("cutter", TRUNCATING, "{maxSize: 64KiB, keep: 9}");
    Eventually.await(Fleet.PATIENCE, "it is rotated", () -> rotated("cutter").size() == 4);
    String before = read("cutter");
    assertEndsWith(50_000, before);
    assertEquals(List.of(), site.agent("cutter").conditions());

    Files.createFile(site.agentFolder("cutter").resolve("data/go"));

    Eventually.await(
        Fleet.PATIENCE,
        "the condition is shown",
        () ->
            site.agent("cutter").conditions().stream()
                .anyMatch(condition -> condition.startsWith("it has truncated its own log")));
    String after = read("cutter");
    assertTrue(after.endsWith("anew\n"), "what it writes then is kept");
    String rotated = after.substring(0, after.length() - "anew\n".length());
    assertTrue(before.startsWith(rotated), "and so is what was rotated");
    assertTrue(rotated.length() > 4 * 60_000, "all of it: " + rotated.length());
    site.run("agent", "uninstall", "cutter", "--purge", "--all").expect(0);
    site.assertUnharmed();
  }
}
