package io.easyagent.sidecar.log;

import java.time.Duration;

/** When a log is looked at again. Pure. */
final class Pace {
  /** Of a log that grows slowly, or not at all. All such logs are looked at in one go. */
  static final Duration QUIET = Duration.ofSeconds(1);

  /** The shortest, of a log that grows fast. */
  static final Duration QUICK = Duration.ofMillis(20);

  /** After a rotation has failed. */
  static final Duration FAILED = Duration.ofSeconds(5);

  private Pace() {}

  /**
   * Half the time in which a log would pass its bound: it may get faster.
   *
   * @param growth bytes since the look before
   * @param since the look before
   * @param room bytes until the log is to be rotated
   */
  static Duration next(long growth, Duration since, long room) {
    if (growth <= 0 || since.isZero() || since.isNegative()) {
      return QUIET;
    }
    double nanosLeft = (double) Math.max(0, room) * since.toNanos() / growth;
    long half = (long) Math.clamp(nanosLeft / 2, QUICK.toNanos(), QUIET.toNanos());
    return Duration.ofNanos(half);
  }

  /** Nanoseconds from now until the next look; quiet ones of all agents fall together. */
  static long delay(Duration pace, long now) {
    long nanos = pace.toNanos();
    return pace.equals(QUIET) ? nanos - Math.floorMod(now, nanos) : nanos;
  }
}
