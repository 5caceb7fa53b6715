package io.easyagent.benchmarks.sidecar;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.easyagent.benchmarks.measure.UsageException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsTest {
  @Test
  void withoutAWordItIsWhatTheGoalsAskFor() throws Exception {
    Settings settings = Settings.parse(List.of());

    assertEquals(List.of(1, 10, 100), settings.sizes());
    assertEquals(50, settings.kills());
    assertEquals(5, settings.starts());
    assertEquals(Duration.ofMinutes(1), settings.idle());
    assertFalse(settings.otherUser());
  }

  @Test
  void whatIsTypedCounts() throws Exception {
    Settings settings =
        Settings.parse(List.of("--agents", "100,10", "--json", "figures.json", "--user", "nobody"));

    assertEquals(List.of(10, 100), settings.sizes());
    assertEquals(Optional.of(Path.of("figures.json")), settings.json());
    assertTrue(settings.otherUser());
    assertEquals(
        "./dev bench sidecar --agents 100,10 --json figures.json --user nobody",
        settings.command());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--agent 5|unknown option --agent",
        "--agents 0|--agents: 0 (expected: 1 to 500)",
        "--agents 501|--agents: 501 (expected: 1 to 500)",
        "--kills 0|--kills: 0 (expected: 1 to 1000)",
        "--idle-seconds 1m|--idle-seconds: 1m (expected: 1 to 3600)",
        "--write-seconds 61|--write-seconds: 61 (expected: 1 to 60)"
      })
  void whatIsWrongIsSaid(String line, String message) {
    UsageException wrong =
        assertThrows(UsageException.class, () -> Settings.parse(List.of(line.split(" "))));

    assertEquals(message, wrong.getMessage());
  }
}
