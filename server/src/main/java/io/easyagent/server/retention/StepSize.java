package io.easyagent.server.retention;

import java.time.Duration;

/**
 * How many rows a step may touch: as many as the machine does in a moment, found by trying. Not
 * thread-safe.
 */
final class StepSize {
  static final int LEAST = 25;
  static final int MOST = 2_000;

  /** Other writers wait for a step at most about so long. */
  static final Duration LONG = Duration.ofMillis(20);

  private static final int FIRST = 200;
  private static final int MUCH_QUICKER = 4;

  private int rows = FIRST;

  int rows() {
    return rows;
  }

  /** A step of this size took that long. */
  void took(Duration time) {
    if (time.compareTo(LONG) > 0) {
      rows = Math.max(LEAST, rows / 2);
    } else if (time.compareTo(LONG.dividedBy(MUCH_QUICKER)) < 0) {
      rows = Math.min(MOST, rows * 2);
    }
  }
}
