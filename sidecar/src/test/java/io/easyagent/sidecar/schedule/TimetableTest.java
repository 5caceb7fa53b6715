package io.easyagent.sidecar.schedule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.easyagent.sidecar.agent.Schedule;
import io.easyagent.sidecar.agent.Schedule.Missed;
import io.easyagent.sidecar.agent.Schedule.Overlap;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TimetableTest {
  private static final UUID AGENT = new UUID(1, 2);
  private static final Instant DAY = Instant.parse("2026-01-10T00:00:00Z");
  private static final Instant DUE = Instant.parse("2026-01-10T02:10:00Z");

  private static Timetable timetable(String cron, Duration jitter, Missed missed) {
    return timetable(AGENT, cron, jitter, missed);
  }

  private static Timetable timetable(UUID agent, String cron, Duration jitter, Missed missed) {
    return new Timetable(new Schedule(cron, "UTC", jitter, Overlap.SKIP, missed), agent);
  }

  private static Timetable daily(Missed missed) {
    return timetable("10 2 * * *", Duration.ZERO, missed);
  }

  @ParameterizedTest
  @EnumSource(Missed.class)
  void aRunIsDueFromItsMomentOn(Missed missed) {
    Timetable daily = daily(missed);
    assertEquals(DUE, daily.nextBegin(DAY));
    assertEquals(new Look.Nothing(), daily.look(DAY, DUE.minusMillis(1)));
    assertEquals(new Look.Due(DUE, 0), daily.look(DAY, DUE));
    assertEquals(new Look.Due(DUE, 0), daily.look(DAY, DUE.plusSeconds(60)));
  }

  @ParameterizedTest
  @EnumSource(Missed.class)
  void whatWasDecidedIsNotDueAgainAlsoWhenTheClockIsPutBack(Missed missed) {
    Timetable daily = daily(missed);
    for (long back : new long[] {0, 1, 3_600, 86_400, 86_400 * 365}) {
      assertEquals(new Look.Nothing(), daily.look(DUE, DUE.minusSeconds(back)), "back " + back);
    }
    assertEquals(new Look.Nothing(), daily.look(DUE, DUE.plusSeconds(1)));
    assertEquals(DUE.plus(Duration.ofDays(1)), daily.nextBegin(DUE));
  }

  @Test
  void whatIsLateByMoreThanAMinuteWasMissed() {
    Instant late = DUE.plus(Timetable.LATE).plusMillis(1);
    assertEquals(new Look.Missed(DUE, 1), daily(Missed.SKIP).look(DAY, late));
    assertEquals(new Look.Due(DUE, 0), daily(Missed.ONCE).look(DAY, late));
  }

  @Test
  void aStepForwardMakesRunsMissed() {
    Instant later = DUE.plus(Duration.ofDays(5)).plus(Duration.ofHours(1));
    Instant last = DUE.plus(Duration.ofDays(5));
    assertEquals(new Look.Missed(last, 6), daily(Missed.SKIP).look(DAY, later));
    assertEquals(new Look.Due(last, 5), daily(Missed.ONCE).look(DAY, later));
    // One that is due just then is run, whatever was missed before.
    assertEquals(new Look.Due(last, 5), daily(Missed.SKIP).look(DAY, last.plusSeconds(3)));
  }

  @Test
  void yearsOfMinutesAreLookedThroughFromTheirEnd() {
    Instant late = Instant.parse("2066-06-15T12:34:56Z");
    Instant minute = Instant.parse("2066-06-15T12:34:00Z");
    assertEquals(
        new Look.Due(minute, Timetable.COUNTED_MOST - 1),
        timetable("* * * * *", Duration.ZERO, Missed.SKIP).look(DAY, late));
    assertEquals(
        new Look.Missed(Instant.parse("2066-01-01T23:59:00Z"), Timetable.COUNTED_MOST),
        timetable("* * 1 1 *", Duration.ZERO, Missed.SKIP).look(DAY, late));
    assertEquals(
        new Look.Missed(Instant.parse("2064-02-29T00:00:00Z"), 10),
        timetable("0 0 29 2 *", Duration.ZERO, Missed.SKIP).look(DAY, late));
  }

  @Test
  void theJitterIsTheSameWheneverItIsAskedForAndEvenlySpread() {
    Duration jitter = Duration.ofMinutes(10);
    Random random = new Random(3);
    int[] tenths = new int[10];
    for (int agent = 0; agent < 10_000; agent++) {
      UUID id = new UUID(random.nextLong(), random.nextLong());
      Timetable timetable = timetable(id, "10 2 * * *", jitter, Missed.SKIP);
      Instant begin = timetable.nextBegin(DAY);
      assertEquals(begin, timetable(id, "10 2 * * *", jitter, Missed.SKIP).nextBegin(DAY));
      long millis = Duration.between(DUE, begin).toMillis();
      assertTrue(millis >= 0 && millis < jitter.toMillis(), "off by " + millis);
      tenths[(int) (millis * 10 / jitter.toMillis())]++;
      assertEquals(new Look.Nothing(), timetable.look(DAY, begin.minusMillis(1)));
      assertEquals(new Look.Due(DUE, 0), timetable.look(DAY, begin));
    }
    for (int tenth : tenths) {
      assertTrue(tenth > 850 && tenth < 1_150, "of 1,000 expected: " + tenth);
    }
  }

  @Test
  void anAgentsRunsAreNotAllPutOffByTheSame() {
    Timetable timetable = timetable("10 2 * * *", Duration.ofMinutes(10), Missed.SKIP);
    Duration first = Duration.between(DUE, timetable.nextBegin(DAY));
    Instant second = DUE.plus(Duration.ofDays(1));
    assertFalse(first.equals(Duration.between(second, timetable.nextBegin(DUE))));
  }

  @Test
  void theJitterNeverReachesTheNextRun() {
    Timetable timetable = timetable("* * * * *", Duration.ofHours(1), Missed.SKIP);
    Instant due = DAY;
    for (int i = 0; i < 2_000; i++) {
      Instant begin = timetable.nextBegin(due);
      due = due.plusSeconds(60);
      assertTrue(!begin.isBefore(due) && begin.isBefore(due.plusSeconds(60)), begin + " " + due);
    }
  }

  /** Looking at any times whatever, the clock put forth and back, no moment comes twice. */
  @Test
  void noMomentIsDueTwiceHoweverTheClockIsChanged() {
    Random random = new Random(11);
    for (Missed missed : Missed.values()) {
      Timetable timetable = timetable("*/7 1-5 * * *", Duration.ofMinutes(3), missed);
      Instant decided = DAY;
      Instant now = DAY;
      for (int look = 0; look < 20_000; look++) {
        now = now.plusSeconds(random.nextInt(20) == 0 ? random.nextInt(20_000) - 10_000 : 60);
        switch (timetable.look(decided, now)) {
          case Look.Nothing() -> {}
          case Look.Due(Instant due, long _) -> {
            assertTrue(due.isAfter(decided) && !due.isAfter(now), due + " after " + decided);
            decided = due;
          }
          case Look.Missed(Instant last, long count) -> {
            assertTrue(last.isAfter(decided) && count > 0, last + " after " + decided);
            decided = last;
          }
        }
      }
    }
  }

  @Test
  void whatThisHostDoesNotKnowIsNoTimetable() {
    Schedule unknown =
        new Schedule("0 0 * * *", "Mars/Olympus", Duration.ZERO, Overlap.SKIP, Missed.SKIP);
    assertThrows(IllegalArgumentException.class, () -> new Timetable(unknown, AGENT));
  }
}
