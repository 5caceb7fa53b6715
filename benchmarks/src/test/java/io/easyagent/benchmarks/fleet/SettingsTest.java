package io.easyagent.benchmarks.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.easyagent.benchmarks.measure.UsageException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsTest {
  @Test
  void sizesAreInTheOrderOfTheirGrowth() throws Exception {
    Settings settings =
        Settings.parse(List.of("--hosts", "5000,1000,10000", "--json", "figures.json"));

    assertEquals(List.of(1_000, 5_000, 10_000), settings.sizes());
    assertEquals(Optional.of(Path.of("figures.json")), settings.json());
    assertEquals(
        "./dev bench fleet --hosts 5000,1000,10000 --json figures.json", settings.command());
  }

  @Test
  void withoutAWordItIsAThousandHostsAndAFullStore() throws Exception {
    Settings settings = Settings.parse(List.of());

    assertEquals(List.of(1_000), settings.sizes());
    assertEquals(100, settings.past());
    assertEquals(5, settings.fanouts());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--host 5|unknown option --host",
        "--hosts|--hosts: no value",
        "--hosts 3|--hosts: 3 (expected: 4 to 60000)",
        "--hosts 10,|--hosts:  (expected: 4 to 60000)",
        "--hosts 10,10|--hosts: 10,10 (expected: each size once)",
        "--past 101|--past: 101 (expected: 1 to 100)",
        "--past 5 --past 6|--past: given twice"
      })
  void whatIsWrongIsSaid(String line, String message) {
    UsageException wrong =
        assertThrows(UsageException.class, () -> Settings.parse(List.of(line.split(" "))));

    assertEquals(message, wrong.getMessage());
  }
}
