package io.easyagent.definition;

import java.time.Duration;

/**
 * When a scheduled agent runs.
 *
 * @param cron see {@link io.easyagent.cron.CronLine}
 * @param timezone a name of the time zone database
 * @param jitter a run begins at most this much after its time
 */
public record Schedule(
    String cron, String timezone, Duration jitter, Overlap overlap, Missed missed) {
  static final String DEFAULT_TIMEZONE = "UTC";
  static final Duration DEFAULT_JITTER = Duration.ZERO;
  static final Overlap DEFAULT_OVERLAP = Overlap.SKIP;
  static final Missed DEFAULT_MISSED = Missed.SKIP;

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
}
