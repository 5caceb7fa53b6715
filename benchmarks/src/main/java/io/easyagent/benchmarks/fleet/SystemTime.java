package io.easyagent.benchmarks.fleet;

import java.time.Duration;
import java.time.Instant;

/** The machine's clocks, and the only place that waits for time to pass. */
final class SystemTime {
  private SystemTime() {}

  static Instant now() {
    return Instant.now();
  }

  /** Monotonic. */
  static long nanos() {
    return System.nanoTime();
  }

  static double secondsSince(long nanos) {
    return (System.nanoTime() - nanos) / 1e9;
  }

  static void pause(Duration duration) throws InterruptedException {
    Thread.sleep(duration);
  }
}
