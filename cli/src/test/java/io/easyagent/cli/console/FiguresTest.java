package io.easyagent.cli.console;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class FiguresTest {
  @ParameterizedTest
  @CsvSource({
    "PT-5S, 0s",
    "PT0S, 0s",
    "PT59.9S, 59s",
    "PT60S, 1m",
    "PT59M59S, 59m",
    "PT3H, 3h",
    "PT3H12M, 3h12m",
    "PT24H, 1d",
    "P5DT4H, 5d4h",
    "P40DT4H, 40d"
  })
  void durations(Duration duration, String text) {
    assertEquals(text, Figures.duration(duration));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0|0 B",
        "1023|1023 B",
        "1024|1.0 KiB",
        "1536|1.5 KiB",
        "52428800|50.0 MiB",
        "1073741824|1.0 GiB",
        "150994944|144 MiB"
      })
  void sizes(long bytes, String text) {
    assertEquals(text, Figures.size(bytes));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"0|0", "999|999", "1000|1,000", "1234567|1,234,567", "-1000|-1,000"})
  void counts(long number, String text) {
    assertEquals(text, Figures.count(number));
  }

  @Test
  void timesAreThoseOfTheOneWhoReads() {
    ZoneId shanghai = ZoneId.of("Asia/Shanghai");
    Instant now = Instant.parse("2026-01-01T17:00:00Z");
    assertEquals("00:30", Figures.shortTime(Instant.parse("2026-01-01T16:30:00Z"), now, shanghai));
    assertEquals(
        "2026-01-01", Figures.shortTime(Instant.parse("2026-01-01T15:30:00Z"), now, shanghai));
    assertEquals("2026-01-02 01:00:00", Figures.fullTime(now, shanghai));
  }

  @Test
  void shortIdsTellTheIdsOfAListApart() {
    UUID one = UUID.fromString("0193a5c2-7f1e-4000-8000-000000000001");
    UUID two = UUID.fromString("0193a5c2-7f2e-4000-8000-000000000001");
    assertEquals("0193a5c2", ShortIds.of(List.of(one, one)).of(one));
    assertEquals("0193a5c2-7f1", ShortIds.of(List.of(one, two)).of(one));
  }

  @Test
  void shortIdsOfOperationsShowTheTimeAndTheCounter() {
    UUID operation = UUID.fromString("0193a5c2-7f1e-7000-8000-000000000001");
    assertEquals("0193a5c2-7f1e-7000", ShortIds.of(List.of(operation)).of(operation));
  }

  @Test
  void chineseTextIsAsWideAsItLooks() {
    assertEquals(8, Text.width("上海ab一"));
    assertEquals("上海…", Text.cut("上海ab一", 5));
    assertEquals("上海…", Text.cut("上海ab一", 6 - 1));
    assertEquals("", Text.cut("ab", 0));
    assertEquals(
        List.of("NAME    X", "上海    1", "ab一cd  2"),
        new Table().column("NAME").column("X").row("上海", "1").row("ab一cd", "2").render(false, 80));
  }
}
