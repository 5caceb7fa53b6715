package io.easyagent.acceptance.chaos;

import java.time.Duration;

/**
 * A fault that happened.
 *
 * @param number of the plan's step, from 0
 * @param moot it met nothing to strike: the process was down, the disk full already
 */
record Strike(int number, Fault fault, Duration from, Duration to, boolean moot) {
  static final Duration UNDER_WAY = Duration.ofDays(1);

  boolean touches(Duration first, Duration last) {
    return !moot && from.compareTo(last) <= 0 && to.compareTo(first) >= 0;
  }

  @Override
  public String toString() {
    return "%s to %s #%d %s%s"
        .formatted(
            Moments.text(from), Moments.text(to), number, fault, moot ? " (met nothing)" : "");
  }
}
