package io.easyagent.cron;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Moments, where clocks are changed and where they are not. */
class CronTimesTest {
  private static CronTimes times(String line, String zone) {
    return new CronTimes(
        assertInstanceOf(CronReading.Line.class, CronLine.read(line), line).line(),
        ZoneId.of(zone));
  }

  /** In Berlin 02:00 to 03:00 is skipped on 29 March and comes twice on 25 October 2026. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "30 2 * * *      | Europe/Berlin | 2026-03-28T12:00Z | 2026-03-29T01:00Z 2026-03-30T00:30Z",
        "10,40 2 * * *   | Europe/Berlin | 2026-03-28T12:00Z | 2026-03-29T01:00Z 2026-03-30T00:10Z",
        "0 2,3 * * *     | Europe/Berlin | 2026-03-28T12:00Z | 2026-03-29T01:00Z 2026-03-30T00:00Z",
        "30 1-3 * * *    | Europe/Berlin | 2026-03-29T00:00Z | 2026-03-29T00:30Z 2026-03-29T01:00Z"
            + " 2026-03-29T01:30Z",
        "0 * * * *       | Europe/Berlin | 2026-03-29T00:00Z | 2026-03-29T01:00Z 2026-03-29T02:00Z",
        "*/30 2 * * *    | Europe/Berlin | 2026-03-28T12:00Z | 2026-03-30T00:00Z 2026-03-30T00:30Z",
        "30 2 * * *      | Europe/Berlin | 2026-10-24T12:00Z | 2026-10-25T00:30Z 2026-10-26T01:30Z",
        "30 2 * * *      | Europe/Berlin | 2026-10-25T00:45Z | 2026-10-26T01:30Z",
        "30 2 * * *      | Europe/Berlin | 2026-10-25T01:00Z | 2026-10-26T01:30Z",
        "0 3 * * *       | Europe/Berlin | 2026-10-25T00:30Z | 2026-10-25T02:00Z",
        "30 * * * *      | Europe/Berlin | 2026-10-25T00:00Z | 2026-10-25T00:30Z 2026-10-25T01:30Z"
            + " 2026-10-25T02:30Z",
        "*/30 2 * * *    | Europe/Berlin | 2026-10-24T12:00Z | 2026-10-25T00:00Z 2026-10-25T00:30Z"
            + " 2026-10-25T01:00Z 2026-10-25T01:30Z 2026-10-26T01:00Z",
        // Half an hour only: 02:00 to 02:30 is skipped on 4 October, 01:30 to 02:00 doubled on 5
        // April.
        "15 2 * * *      | Australia/Lord_Howe | 2026-10-03T00:00Z | 2026-10-03T15:30Z"
            + " 2026-10-04T15:15Z",
        "45 1 * * *      | Australia/Lord_Howe | 2026-04-04T00:00Z | 2026-04-04T14:45Z"
            + " 2026-04-05T15:15Z",
        "*/30 * * * *    | Australia/Lord_Howe | 2026-04-04T14:20Z | 2026-04-04T14:30Z"
            + " 2026-04-04T15:00Z 2026-04-04T15:30Z",
        // Midnight itself is skipped in Santiago on 6 September 2026.
        "@daily          | America/Santiago | 2026-09-05T12:00Z | 2026-09-06T04:00Z"
            + " 2026-09-07T03:00Z",
        // Samoa skipped a whole day.
        "0 12 30 12 *    | Pacific/Apia | 2011-12-01T00:00Z | 2011-12-30T10:00Z 2012-12-29T22:00Z",
        "59 23 31 12 *   | UTC          | 2026-01-01T00:00Z | 2026-12-31T23:59Z 2027-12-31T23:59Z",
        "0 0 29 2 *      | Asia/Kolkata | 2026-01-01T00:00Z | 2028-02-28T18:30Z 2032-02-28T18:30Z",
        "0 0 1 1 *       | Asia/Kathmandu | 2026-01-01T00:00Z | 2026-12-31T18:15Z",
        "* * * * *       | UTC          | 2026-01-01T00:00:30.5Z | 2026-01-01T00:01Z",
      })
  void aLineStandsForMoments(String line, String zone, String after, String expected) {
    CronTimes times = times(line, zone);
    Instant at = moment(after);
    for (String each : expected.split(" ")) {
      at = times.next(at);
      assertEquals(moment(each), at);
    }
  }

  private static Instant moment(String text) {
    return OffsetDateTime.parse(text).toInstant();
  }

  /** Fields as sets of numbers, with the text that says the same. */
  private record Fields(
      Set<Integer> minutes,
      Set<Integer> hours,
      Set<Integer> days,
      Set<Integer> months,
      Set<Integer> weekdays,
      boolean recurring,
      boolean anyDay,
      boolean anyWeekday,
      String text) {

    boolean fits(LocalDateTime local) {
      boolean day = days.contains(local.getDayOfMonth());
      boolean weekday = weekdays.contains(local.getDayOfWeek().getValue() % 7);
      return minutes.contains(local.getMinute())
          && hours.contains(local.getHour())
          && months.contains(local.getMonthValue())
          && (anyDay || anyWeekday ? day && weekday : day || weekday);
    }
  }

  private static Fields random(Random random) {
    boolean anyMinute = random.nextInt(4) == 0;
    boolean anyHour = random.nextInt(4) == 0;
    boolean anyDay = random.nextBoolean();
    boolean anyWeekday = random.nextBoolean();
    Set<Integer> minutes = anyMinute ? all(0, 59) : some(random, 0, 59);
    // Mostly in the hours in which clocks are changed.
    Set<Integer> hours = anyHour ? all(0, 23) : some(random, 0, random.nextBoolean() ? 3 : 23);
    Set<Integer> days = anyDay ? all(1, 31) : some(random, 1, 28);
    Set<Integer> months = random.nextBoolean() ? all(1, 12) : some(random, 1, 12);
    Set<Integer> weekdays = anyWeekday ? all(0, 6) : some(random, 0, 6);
    return new Fields(
        minutes,
        hours,
        days,
        months,
        weekdays,
        anyMinute || anyHour,
        anyDay,
        anyWeekday,
        String.join(
            " ",
            anyMinute ? "*" : list(minutes),
            anyHour ? "*" : list(hours),
            anyDay ? "*" : list(days),
            list(months),
            anyWeekday ? "*" : list(weekdays)));
  }

  private static Set<Integer> all(int first, int last) {
    return IntStream.rangeClosed(first, last).boxed().collect(Collectors.toSet());
  }

  private static Set<Integer> some(Random random, int first, int last) {
    Set<Integer> some = new TreeSet<>();
    for (int i = 1 + random.nextInt(3); i > 0; i--) {
      some.add(first + random.nextInt(last - first + 1));
    }
    return some;
  }

  private static String list(Set<Integer> values) {
    return values.stream().sorted().map(String::valueOf).collect(Collectors.joining(","));
  }

  /**
   * As cron does it: a look at the clock each minute. When it was put forward, what it has skipped
   * is made up for at once; when it was put back, what it has shown before is not run again.
   */
  private static List<Instant> walk(Fields fields, ZoneId zone, Instant from, Instant to) {
    List<Instant> found = new ArrayList<>();
    LocalDateTime shown = LocalDateTime.ofInstant(from.minusSeconds(60), zone);
    for (Instant at = from; at.isBefore(to); at = at.plusSeconds(60)) {
      LocalDateTime local = LocalDateTime.ofInstant(at, zone);
      boolean due = false;
      if (fields.recurring()) {
        due = fields.fits(local);
      } else {
        for (LocalDateTime each = shown.plusMinutes(1);
            !each.isAfter(local);
            each = each.plusMinutes(1)) {
          due |= fields.fits(each);
        }
      }
      if (due) {
        found.add(at);
      }
      shown = local.isAfter(shown) ? local : shown;
    }
    return found;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "UTC",
        "Europe/Berlin",
        "America/New_York",
        "Australia/Lord_Howe",
        "America/Santiago",
        "Africa/Casablanca",
        "Asia/Kathmandu",
        "Antarctica/Troll"
      })
  void theMomentsAreThoseOfOneWhoLooksAtTheClockEachMinute(String zone) {
    Random random = new Random(zone.hashCode());
    Instant from = Instant.parse("2026-01-01T00:00:00Z");
    Instant to = Instant.parse("2027-01-02T00:00:00Z");
    for (int round = 0; round < 6; round++) {
      Fields fields = random(random);
      CronTimes times = times(fields.text(), zone);
      List<Instant> expected = walk(fields, ZoneId.of(zone), from, to);
      List<Instant> found = new ArrayList<>();
      for (Instant at = times.next(from.minusSeconds(1)); at.isBefore(to); at = times.next(at)) {
        found.add(at);
      }
      assertEquals(expected, found, fields.text() + " in " + zone);
    }
  }

  @Test
  void theNextMomentIsTheSameFromWhereverOneLooks() {
    Random random = new Random(7);
    for (int round = 0; round < 2_000; round++) {
      Fields fields = random(random);
      CronTimes times = times(fields.text(), "Europe/Berlin");
      Instant after =
          Instant.parse("2026-03-28T00:00:00Z").plusSeconds(random.nextInt(365 * 24 * 3600));
      Instant next = times.next(after);
      long between = ChronoUnit.MILLIS.between(after, next);
      Instant later = after.plusMillis((long) (between * random.nextDouble()));
      assertEquals(next, times.next(later), fields.text() + " after " + later);
      assertEquals(0, LocalDateTime.ofInstant(next, ZoneOffset.UTC).getSecond());
    }
  }
}
