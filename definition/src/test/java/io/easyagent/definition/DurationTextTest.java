package io.easyagent.definition;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DurationTextTest {
  @ParameterizedTest
  @CsvSource({
    "15m,PT15M",
    "1h30m,PT1H30M",
    "30d,PT720H",
    "500ms,PT0.5S",
    "0s,PT0S",
    "1d2h3m4s5ms,PT26H3M4.005S"
  })
  void readsAndWritesTheSameText(String text, Duration duration) {
    assertEquals(Optional.of(duration), DurationText.parse(text));
    assertEquals(text, DurationText.format(duration));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "15", "-5m", "m", "1.5h", "30m1h", "PT5M", " 5m", "99999999999s"})
  void refusesEverythingElse(String text) {
    assertEquals(Optional.empty(), DurationText.parse(text));
  }

  @Test
  void aNegativeDurationHasNoText() {
    assertThrows(IllegalArgumentException.class, () -> DurationText.format(Duration.ofSeconds(-1)));
  }
}
