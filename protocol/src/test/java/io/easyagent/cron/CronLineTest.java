package io.easyagent.cron;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What lines say, and what is said of those that say nothing. */
class CronLineTest {

  private static CronLine line(String text) {
    return assertInstanceOf(CronReading.Line.class, CronLine.read(text), text).line();
  }

  private static List<String> first(int count, String text, String from) {
    CronLine line = line(text);
    List<String> found = new ArrayList<>();
    LocalDateTime at = LocalDateTime.parse(from);
    for (int i = 0; i < count; i++) {
      at = line.firstFrom(at);
      found.add(at.toString());
      at = at.plusMinutes(1);
    }
    return found;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "* * * * *           | 2026-01-01T00:00 | 2026-01-01T00:00 2026-01-01T00:01",
        "*/5 2-4 * * 1-5     | 2026-03-07T00:00 | 2026-03-09T02:00 2026-03-09T02:05",
        "10,40 8-10/2 * * *  | 2026-01-01T08:11 | 2026-01-01T08:40 2026-01-01T10:10",
        "0 0 1,15 * fri      | 2026-05-01T00:01 | 2026-05-08T00:00 2026-05-15T00:00",
        "0 0 */2 * mon       | 2026-06-01T00:00 | 2026-06-01T00:00 2026-06-15T00:00",
        "0 0 31 * *          | 2026-01-31T00:01 | 2026-03-31T00:00 2026-05-31T00:00",
        "0 0 29 2 *          | 2026-01-01T00:00 | 2028-02-29T00:00 2032-02-29T00:00",
        "0 0 29 2 *          | 2096-03-01T00:00 | 2104-02-29T00:00 2108-02-29T00:00",
        "0 0 30 2 0          | 2026-02-02T00:00 | 2026-02-08T00:00 2026-02-15T00:00",
        "59 23 31 12 *       | 2026-12-31T23:59 | 2026-12-31T23:59 2027-12-31T23:59",
        "0 0 * * 7           | 2026-01-01T00:00 | 2026-01-04T00:00 2026-01-11T00:00",
        "0 0 * * 5-7         | 2026-01-03T00:00 | 2026-01-03T00:00 2026-01-04T00:00",
        "0 0 * JAN,Mar Sun   | 2026-01-25T00:01 | 2026-03-01T00:00 2026-03-08T00:00",
        "0 0 * * */7         | 2026-01-01T00:00 | 2026-01-04T00:00 2026-01-11T00:00",
        "@hourly             | 2026-01-01T00:01 | 2026-01-01T01:00 2026-01-01T02:00",
        "@daily              | 2026-12-31T00:01 | 2027-01-01T00:00 2027-01-02T00:00",
        "@midnight           | 2026-12-31T00:01 | 2027-01-01T00:00 2027-01-02T00:00",
        "@weekly             | 2026-01-01T00:00 | 2026-01-04T00:00 2026-01-11T00:00",
        "@monthly            | 2026-01-01T00:01 | 2026-02-01T00:00 2026-03-01T00:00",
        "@yearly             | 2026-01-01T00:01 | 2027-01-01T00:00 2028-01-01T00:00",
        "@annually           | 2026-01-01T00:01 | 2027-01-01T00:00 2028-01-01T00:00",
      })
  void aLineStandsForMinutes(String text, String from, String expected) {
    assertEquals(List.of(expected.split(" ")), first(2, text, from));
  }

  @Test
  void blanksMayBeAnyAndAround() {
    assertEquals(
        first(3, "5 4 * * *", "2026-01-01T00:00"), first(3, " 5\t4  * * * ", "2026-01-01T00:00"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "* 25 * * *   | character 3, hour: 25 (expected: 0 to 23; in lists",
        "60 * * * *   | character 1, minute: 60 (expected: 0 to 59;",
        "-1 * * * *   | character 1, minute: -1 (expected: 0 to 59;",
        "1,,2 * * * * | character 3, minute: nothing (expected: 0 to 59;",
        "1, * * * *   | character 3, minute: nothing (expected: 0 to 59;",
        "0 0 0 * *    | character 5, day of month: 0 (expected: 1 to 31;",
        "0 0 * 13 *   | character 7, month: 13 (expected: 1 to 12, or a name from jan to dec;",
        "0 0 * * 8    | character 9, day of week: 8 (expected: 0 to 7, or a name from sun to sat;",
        "0 0 * * sund | character 9, day of week: sund (expected: 0 to 7,",
        "0 0 * mon *  | character 7, month: mon (expected: 1 to 12,",
        "0 17-8 * * * | character 3, hour: 17-8 (expected: the smaller value first;",
        "0 0 * * fri-sun | character 9, day of week: fri-sun (expected: the smaller value first;",
        "5/15 * * * * | character 1, minute: 5/15 (expected: a step after * or a range, like */15",
        "*/0 * * * *  | character 1, minute: */0 (expected: a step from 1 to 59)",
        "*/60 * * * * | character 1, minute: */60 (expected: a step from 1 to 59)",
        "1-5/ * * * * | character 1, minute: 1-5/ (expected: a step from 1 to 59)",
        "0 0 30 2 *   | character 5, day of month and month: 30 2 never comes (expected: a day",
        "0 0 31 4,6,9,11 * | character 5, day of month and month: 31 4,6,9,11 never comes",
        "0 0 30 feb */2 | character 5, day of month and month: 30 feb never comes",
        "0 0 * *      | 4 fields in 0 0 * * (expected: 5, minute hour day-of-month month",
        "0 0 * * * *  | 6 fields in 0 0 * * * * (expected: 5,",
        "''           | empty (expected: 5,",
        "@reboot      | character 1: @reboot (expected: @hourly, @daily,",
        "@daily 5     | character 1: @daily 5 (expected: @hourly, @daily,",
        "0 0 L * *    | character 5, day of month: L (expected: 1 to 31;",
        "0 0 ? * *    | character 5, day of month: ? (expected: 1 to 31;",
        "0 0 ١ * *    | character 5, day of month: ١ (expected: 1 to 31;",
      })
  void whatIsNoLineIsRefusedWithItsPlaceItsValueAndWhatWasExpected(String text, String message) {
    String told = assertInstanceOf(CronReading.Fault.class, CronLine.read(text), text).message();
    assertEquals(message, told.substring(0, Math.min(told.length(), message.length())));
  }

  @Test
  void whatIsVeryLongIsRefusedUnread() {
    assertEquals(
        new CronReading.Fault("257 characters (expected: at most 256)"),
        CronLine.read("1".repeat(257)));
  }
}
