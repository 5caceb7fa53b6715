package io.easyagent.acceptance.chaos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.easyagent.acceptance.chaos.Settings.UsageException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class SettingsTest {
  @Test
  void minutesAndFaultsTogetherGiveThePace() throws UsageException {
    Settings settings =
        Settings.parse(
            List.of("--hosts", "6", "--minutes", "10", "--faults", "1200", "--seed", "5"), 1);
    assertEquals(6, settings.hosts());
    assertEquals(1_200, settings.faults());
    assertEquals(Duration.ofMillis(500), settings.gap());
    assertEquals(5, settings.seed());
  }

  @Test
  void minutesAloneGiveTheFaultsAtTheUsualPace() throws UsageException {
    Settings settings = Settings.parse(List.of("--minutes", "2"), 9);
    assertEquals(Duration.ofMinutes(2), settings.gap().multipliedBy(settings.faults()));
    assertEquals(9, settings.seed());
  }

  @Test
  void whatIsWrongIsSaidWithWhatWasExpected() {
    refused("unknown option --fault", "--fault", "3");
    refused("--hosts: no value", "--hosts");
    refused("--hosts: 0 (expected: 1 to 50)", "--hosts", "0");
    refused("--seed: x (expected: 0 to 9223372036854775807)", "--seed", "x");
    refused("--faults: given twice", "--faults", "1", "--faults", "2");
    refused(
        "--faults: 10000 in 5 minutes (expected: at most 300 in a minute)",
        "--minutes",
        "5",
        "--faults",
        "10000");
  }

  private static void refused(String message, String... arguments) {
    assertEquals(
        message,
        assertThrows(UsageException.class, () -> Settings.parse(List.of(arguments), 1))
            .getMessage());
  }
}
