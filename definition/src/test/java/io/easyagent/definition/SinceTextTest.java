package io.easyagent.definition;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.easyagent.definition.SinceText.Age;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SinceTextTest {
  private static final Instant NOW = Instant.parse("2026-11-22T14:10:00.5Z");

  @ParameterizedTest
  @CsvSource({
    "90s, PT90S",
    "0s, PT0S",
    "3650d, PT87600H",
    "2026-11-22T14:00:00Z, PT10M0.5S",
    "2026-11-22T15:00:00.25+01:00, PT10M0.25S",
    "2026-11-22T14:10:00.5Z, PT0S",
    "2026-11-22T14:11:00.5Z, PT0S",
    "2016-11-24T14:10:00.5Z, PT87600H"
  })
  void agesAndTimesAreRead(String text, Duration age) {
    assertEquals(new Age.Of(age), SinceText.parse(text).orElseThrow().age(NOW));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "3650d1ms|at most 3650d ago",
        "999999999d|at most 3650d ago",
        "2016-11-24T14:10:00Z|at most 3650d ago",
        "-999999999-01-01T00:00:00+18:00|at most 3650d ago",
        "2026-11-22T14:11:01Z|a time that has come; it is 2026-11-22T14:10:00Z now",
        "+999999999-12-31T23:59:59-18:00|a time that has come; it is 2026-11-22T14:10:00Z now"
      })
  void whatIsTooFarAwayIsSaid(String text, String expected) {
    assertEquals(new Age.OutOfRange(expected), SinceText.parse(text).orElseThrow().age(NOW));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "10",
        "-10m",
        "yesterday",
        "2026-11-22",
        "2026-11-22T14:00:00",
        "2026-13-22T14:00:00Z",
        "2026-11-22 14:00:00Z",
        "1763820000"
      })
  void everythingElseIsRefused(String text) {
    assertEquals(Optional.empty(), SinceText.parse(text));
  }
}
