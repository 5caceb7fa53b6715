package io.easyagent.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.easyagent.server.retention.Bound;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ServerConfigFileTest {
  @TempDir private Path folder;

  private ServerConfig read(String text, Map<String, String> overrides) throws Exception {
    Path file = folder.resolve("server.yaml");
    Files.writeString(file, text);
    return ServerConfigFile.read(Optional.of(file), overrides);
  }

  @Test
  void theFileWinsOverDefaultsAndOptionsOverTheFile() throws Exception {
    ServerConfig config =
        read(
            "data: /srv/easyagent\nhostPort: 1000\noperatorPort: 1001\n"
                + "names: [server.example.com, 10.0.0.1]\nmetricsInterval: 10s\n"
                + "sidecarArchives: /srv/archives\n",
            Map.of("hostPort", "2000"));
    assertEquals(Path.of("/srv/easyagent"), config.data());
    assertEquals(2000, config.hostPort());
    assertEquals(1001, config.operatorPort());
    assertEquals(List.of("server.example.com", "10.0.0.1"), config.names());
    assertEquals(Duration.ofSeconds(10), config.metricsInterval());
    assertEquals(Optional.of(Path.of("/srv/archives")), config.sidecarArchives());
    assertEquals(8889, ServerConfigFile.read(Optional.empty(), Map.of()).operatorPort());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "hostPrt: 1              | unknown key hostPrt (did you mean hostPort?)",
        "hostPort: 70000         | hostPort: 70000 (expected: 1 to 65535, or 0 for any free one)",
        "hostPort: many          | hostPort: many (expected: a whole number)",
        "hostPort: 8889          | operatorPort: 8889 (expected: another port than hostPort)",
        "metricsInterval: soon   | metricsInterval: soon (expected: a duration, for example 30s)",
        "metricsInterval: 0s     | metricsInterval: PT0S (expected: PT1S to PT1H)",
        "sidecarArchives: [a]   | sidecarArchives: [a] (expected: a text)",
        "backupWarningAfter: 1m  | backupWarningAfter: PT1M (expected: PT1H to PT8760H)",
        "upgradeBackups: 0       | upgradeBackups: 0 (expected: 1 to 100)",
        "operationsKeptFor: 1s   | operationsKeptFor: PT1S (expected: PT1H to PT87600H)",
        "maxOperations: 10       | maxOperations: 10 (expected: 1000 to 1000000000)",
        "maxOutputBytes: 1KiB    | maxOutputBytes: 1024 (expected: 1048576 to 1099511627776)",
        "outputsKeptFor: 31d     | outputsKeptFor: PT744H (expected: at most operationsKeptFor, PT720H)",
        "auditKeptFor: long      | auditKeptFor: long (expected: a duration, for example 30s)",
        "maxEvnts: 5             | unknown key maxEvnts (did you mean maxEvents?)",
        "maxHosts: 0             | maxHosts: 0 (expected: 1 to 1000000)",
        "maxWatches: 5000        | maxWatches: 5000 (expected: 1 to 3000)",
        "maxLogStreams: 0        | maxLogStreams: 0 (expected: 1 to 1000)",
        "announcedAddresses: [a] | announcedAddresses: a (expected: NAME:PORT or [V6]:PORT, port 1 to 65535)",
        "names: {a: b}           | names: {a=b} (expected: a list of names or addresses)",
      })
  void refusesAndSaysWhatWasExpected(String text, String message) {
    assertEquals(
        message,
        assertThrows(IllegalArgumentException.class, () -> read(text, Map.of())).getMessage());
  }

  @ParameterizedTest
  @ValueSource(strings = {"data: \"\\UFFFFFFFF\"", "data: \"\\q\"", "a: [", "a: !!none b", "- a"})
  void whatIsNoYamlIsSaidWithTheFile(String text) {
    String message =
        assertThrows(IllegalArgumentException.class, () -> read(text, Map.of())).getMessage();
    assertTrue(message.startsWith(folder.resolve("server.yaml") + ": "), message);
  }

  @Test
  void whatIsKeptAndHowMuchThereMayBeIsRead() throws Exception {
    Upkeep upkeep =
        read(
                "operationsKeptFor: 10d\nmaxOperations: 5000\noutputsKeptFor: 12h\n"
                    + "maxOutputBytes: 64MiB\neventsKeptFor: 2d\nmaxEvents: 6000\n"
                    + "auditKeptFor: 90d\nmaxAuditEntries: 7000\n"
                    + "maxHosts: 100\nmaxBatchHosts: 50\nmaxWatches: 7\n"
                    + "maxLogStreams: 8\n",
                Map.of())
            .upkeep();
    assertEquals(
        new RetentionRules(
            new Bound(Duration.ofDays(10), 5_000),
            new Bound(Duration.ofHours(12), 64 << 20),
            new Bound(Duration.ofDays(2), 6_000),
            new Bound(Duration.ofDays(90), 7_000)),
        upkeep.retention());
    assertEquals(new ServerLimits(100, 50, 7, 8), upkeep.limits());
  }

  @Test
  void refusesWhatIsNoMap() {
    assertTrue(
        assertThrows(IllegalArgumentException.class, () -> read("- a", Map.of()))
            .getMessage()
            .contains("expected: key: value lines"));
    assertThrows(IllegalArgumentException.class, () -> read("a: [", Map.of()));
    assertThrows(
        IllegalArgumentException.class,
        () -> ServerConfigFile.read(Optional.of(folder.resolve("missing")), Map.of()));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "logLevel: loud    | logLevel: loud (expected: ERROR, WARN, INFO, DEBUG or TRACE)",
        "logMaxSize: 20    | logMaxSize: 20 (expected: a size, for example 20MiB)",
        "logMaxSize: 1KiB  | logMaxSize: 1024B (expected: at least 64KiB)",
        "logKeep: 0        | logKeep: 0 (expected: 1 to 20)",
      })
  void whereTheLogGoesIsCheckedToo(String text, String message) throws Exception {
    Path file = Files.writeString(folder.resolve("server.yaml"), text);
    assertEquals(
        message,
        assertThrows(
                IllegalArgumentException.class, () -> ServerConfigFile.readLog(Optional.of(file)))
            .getMessage());
  }
}
