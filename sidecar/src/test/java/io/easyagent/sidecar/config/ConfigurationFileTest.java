package io.easyagent.sidecar.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.easyagent.sidecar.session.Backoff;
import io.easyagent.sidecar.session.ServerAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.logging.Level;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigurationFileTest {

  @Test
  void everyKeyIsRead() throws Exception {
    String text =
        """
        server:
          addresses: [a.example:8890, "[::1]:9"]
          reconnect: 500ms..2m
        data: /srv/easyagent
        log: {level: debug}
        policy: /etc/rules.yaml
        definitions: /etc/agents
        """;

    assertEquals(
        new Configuration(
            List.of(new ServerAddress("a.example", 8890), new ServerAddress("::1", 9)),
            new Backoff(Duration.ofMillis(500), Duration.ofMinutes(2)),
            Path.of("/srv/easyagent"),
            Level.FINE,
            Optional.of(Path.of("/etc/rules.yaml")),
            Optional.of(Path.of("/etc/agents"))),
        ConfigurationFile.parse("sidecar.yaml", text));
  }

  @Test
  void anEmptyFileGivesTheDefaults() throws Exception {
    assertEquals(Configuration.USUAL, ConfigurationFile.parse("sidecar.yaml", "# nothing\n"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "sever: {}|sidecar.yaml:1: unknown key \"sever\" (nearest: \"server\")",
        "server: {adresses: []}"
            + "|sidecar.yaml:1: unknown key \"server.adresses\" (nearest: \"server.addresses\")",
        "server: {addresses: []}|sidecar.yaml:1: server.addresses: expected a list of HOST:PORT",
        "policy: rules.yaml|sidecar.yaml:1: policy: rules.yaml (expected: an absolute path)",
        "server: {addresses: [a:70000]}"
            + "|sidecar.yaml:1: server address: a:70000 (expected: HOST:PORT, port 1 to 65535)",
        "server: 5|sidecar.yaml:1: server.: expected keys and values",
        "server: {reconnect: fast}"
            + "|sidecar.yaml:1: server.reconnect: fast (expected: a range like 1s..15s)",
        "server: {reconnect: 2s..1s}"
            + "|sidecar.yaml:1: server.reconnect: 2000ms..1000ms (expected: 0 < first <= most)",
        "data: relative|sidecar.yaml:1: data: relative (expected: an absolute path)",
        "log: {level: loud}"
            + "|sidecar.yaml:1: log.level: loud (expected: error, warning, info or debug)",
      })
  void whatIsWrongIsSaidWithItsPlace(String text, String message) {
    ConfigurationException refusal =
        assertThrows(
            ConfigurationException.class, () -> ConfigurationFile.parse("sidecar.yaml", text));
    assertEquals(message, refusal.getMessage());
  }

  @Test
  void aKeyIsSetOnce() {
    assertThrows(
        ConfigurationException.class,
        () -> ConfigurationFile.parse("sidecar.yaml", "data: /a\ndata: /b\n"));
    assertThrows(
        ConfigurationException.class, () -> ConfigurationFile.parse("sidecar.yaml", "a: [b"));
  }
}
