package io.easyagent.sidecar.agent;

import io.easyagent.cron.CronLine;
import io.easyagent.cron.CronReading;
import io.easyagent.cron.CronTimes;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * When a scheduled agent runs.
 *
 * @param cron see {@link CronLine}
 * @param timezone whose local time the line means
 * @param jitter a run begins at most this much after its time
 */
public record Schedule(
    String cron, String timezone, Duration jitter, Overlap overlap, Missed missed) {
  private static final DateTimeFormatter SHOWN =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm", Locale.ROOT);

  /** What becomes of a run that is due while the one before it has not ended. */
  public enum Overlap {
    /** It is left out. */
    SKIP,
    /** It waits for the other's end; at most one waits. */
    QUEUE,
    /** The other is stopped for it. */
    REPLACE
  }

  /** What becomes of runs that were due while nobody could start them. */
  public enum Missed {
    SKIP,
    /** They are made up for by one. */
    ONCE
  }

  /**
   * @throws IllegalArgumentException when line or time zone is none that this host knows
   */
  public CronTimes times() {
    return switch (CronLine.read(cron)) {
      case CronReading.Line(CronLine line) -> new CronTimes(line, zone());
      case CronReading.Fault(String message) ->
          throw new IllegalArgumentException("schedule.cron: " + message);
    };
  }

  private ZoneId zone() {
    try {
      return ZoneId.of(timezone);
    } catch (DateTimeException unknown) {
      throw new IllegalArgumentException(
          "schedule.timezone: "
              + timezone
              + " (expected: a time zone that this host knows, like Europe/Berlin)",
          unknown);
    }
  }

  /** A moment as the schedule's own clock shows it, for people: {@code 2026-03-01 02:10}. */
  public String shown(Instant moment) {
    return SHOWN.format(moment.atZone(zone()));
  }

  /** The line with its time zone: what decides which moments are due. */
  public boolean hasTimesOf(Schedule other) {
    return cron.equals(other.cron) && timezone.equals(other.timezone);
  }
}
