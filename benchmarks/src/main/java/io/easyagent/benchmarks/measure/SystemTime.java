package io.easyagent.benchmarks.measure;

import java.time.Duration;
import java.time.Instant;

/** The machine's clocks, and the only place that waits for time to pass. */
public final class SystemTime {
  private SystemTime() {}

  public static Instant now() {
    return Instant.now();
  }

  /** Monotonic. */
  public static long nanos() {
    return System.nanoTime();
  }

  public static double secondsSince(long nanos) {
    return (System.nanoTime() - nanos) / 1e9;
  }

  public static void pause(Duration duration) throws InterruptedException {
    Thread.sleep(duration);
  }
}
