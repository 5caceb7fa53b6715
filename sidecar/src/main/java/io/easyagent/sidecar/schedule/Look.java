package io.easyagent.sidecar.schedule;

import java.time.Instant;

/** What one look at the clock has shown. */
public sealed interface Look {
  /** No run is due that was not decided before. */
  record Nothing() implements Look {}

  /**
   * A run is to begin.
   *
   * @param due the moment that it is named by
   * @param missedBefore earlier ones for which there is no run, at most {@link
   *     Timetable#COUNTED_MOST}
   */
  record Due(Instant due, long missedBefore) implements Look {}

  /**
   * Runs were due while nobody could start them, and are not made up for.
   *
   * @param count at most {@link Timetable#COUNTED_MOST}
   */
  record Missed(Instant last, long count) implements Look {}
}
