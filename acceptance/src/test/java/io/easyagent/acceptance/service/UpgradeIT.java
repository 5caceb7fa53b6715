package io.easyagent.acceptance.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.easyagent.acceptance.fleet.CommandLine;
import io.easyagent.acceptance.realhost.SidecarHost;
import io.easyagent.testkit.Eventually;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The sidecar of a real host, a unit of systemd, is replaced from afar: by versions that are good,
 * and by ones that are not. Whatever they do, the host is connected afterwards and no agent was
 * stopped.
 */
final class UpgradeIT {
  @TempDir static Path folder;

  private static UpgradedHost host;

  private Map<String, String> processes;
  private String before;

  @BeforeAll
  static void start() throws Exception {
    host = UpgradedHost.withUnit("upgr-unit", folder);
  }

  @AfterAll
  static void close() throws Exception {
    host.close();
  }

  @BeforeEach
  void allRun() throws Exception {
    host.agents.awaitRunning();
    host.awaitOnline();
    processes = host.processes();
    before = host.version();
  }

  private static String operations() {
    return host.admin.run("operation", "list", "-o", "json").expect(0).out();
  }

  private static String home(String path) throws Exception {
    return host.machine.shell("ls " + SidecarHost.HOME + "/" + path).output();
  }

  @Test
  void anotherVersionTakesOverAndNoAgentStops() throws Exception {
    host.push(host.maker.good("2.0.1"));
    host.upgrade("2.0.1").expect(0);
    host.assertRuns("2.0.1", processes);
    assertTrue(operations().contains(before + " -> 2.0.1"), operations());
    assertEquals("active", host.host.property("ActiveState"));

    host.push(host.maker.good("2.0.2"));
    host.upgrade("2.0.2").expect(0);
    host.assertRuns("2.0.2", processes);
    assertEquals("2.0.1\n2.0.2\n", home("versions"), "what runs, and the one before");

    int pid = host.host.pid();
    host.upgrade("2.0.2").expect(0);
    assertTrue(operations().contains("2.0.2 runs already"), operations());
    assertEquals(pid, host.host.pid());
  }

  @Test
  void aVersionOfSomebodyElseIsNotEvenFetched() throws Exception {
    host.machine.shell("rm -rf " + SidecarHost.HOME + "/incoming").expect(0);
    host.push(host.maker.foreign("2.1.1"));
    host.fails("2.1.1", "has a signature that is not of this name, version and content");
    assertFalse(home("").contains("incoming"), home(""));
    host.assertRuns(before, processes);
  }

  @Test
  void anArchiveThatTheServerChangedIsNotOpened() throws Exception {
    Path archive = host.maker.good("2.1.2");
    host.push(archive);
    byte[] bytes = Files.readAllBytes(archive);
    bytes[bytes.length / 2] ^= 1;
    Path stored = stored(bytes.length);
    Files.delete(stored);
    Files.write(stored, bytes);
    host.fails("2.1.2", "has the SHA-256");
    assertFalse(home("versions").contains("2.1.2"));
    host.assertRuns(before, processes);
  }

  private static Path stored(long length) throws Exception {
    try (Stream<Path> files = Files.walk(host.server.data().resolve("packages"))) {
      return files
          .filter(Files::isRegularFile)
          .filter(file -> file.toFile().length() == length)
          .findFirst()
          .orElseThrow();
    }
  }

  @Test
  void anArchiveThatIsTruncatedLeavesNothing() throws Exception {
    host.push(host.maker.truncated("2.1.3"));
    host.fails("2.1.3", "cannot be unpacked");
    assertFalse(home("versions").contains("2.1.3"));
    host.assertRuns(before, processes);
  }

  @Test
  void aVersionThatCrashesAtOnceIsRolledBack() throws Exception {
    rolledBack("2.2.1", "kill -SEGV $$", "it did not become ready and connect in 3 starts");
  }

  @Test
  void aVersionThatHangsBeforeItIsReadyIsRolledBack() throws Exception {
    rolledBack("2.2.2", "exec sleep 1000", "it did not connect within 25 s");
  }

  @Test
  void aVersionThatRunsButNeverConnectsIsRolledBack() throws Exception {
    rolledBack("2.2.3", "exec unshare --net \"$real\" \"$@\"", "it did not connect within 25 s (");
  }

  private void rolledBack(String version, String instead, String reason) throws Exception {
    host.push(host.maker.bad(version, instead));
    host.fails(version, version + " was rolled back: " + reason);
    host.assertRuns(before, processes);
  }

  @Test
  void settingsAreTriedAndThoseWithWhichNobodyAnswersAreRolledBack() throws Exception {
    String debug = "log: {level: debug}\n";
    host.configure(debug).expect(0);
    assertEquals(debug, settings());
    host.assertRuns(before, processes);

    CompletableFuture<CommandLine.Result> ended =
        // Not on the common pool, which the command line's own connection needs.
        CompletableFuture.supplyAsync(
            () -> host.configure("server: {addresses: [\"10.77.0.1:1\"]}\n"),
            Thread::startVirtualThread);
    Eventually.await(
        Duration.ofSeconds(60),
        "the host tells what is on trial, and what it goes back to",
        () ->
            host.host
                .sidecar("status")
                .output()
                .matches(
                    "(?s).*trial    settings in %1$s since .*goes back to those in %1$s[.]before\n.*"
                        .formatted(SidecarHost.SETTINGS)));
    CommandLine.Result nobody = ended.get(180, TimeUnit.SECONDS).expect(1);
    assertTrue(
        nobody.screen().contains("the settings were rolled back: it did not connect within 25 s"),
        nobody.screen());
    assertEquals(debug, settings());
    host.assertRuns(before, processes);

    int pid = host.host.pid();
    for (String wrong : List.of("serverr: {}\n", "data: /tmp/x\n", "policy: /tmp/x\n")) {
      host.configure(wrong).expect(1);
      assertEquals(debug, settings());
    }
    assertEquals(pid, host.host.pid());
  }

  private static String settings() throws Exception {
    return host.machine.run("cat", SidecarHost.SETTINGS).expect(0).output();
  }
}
