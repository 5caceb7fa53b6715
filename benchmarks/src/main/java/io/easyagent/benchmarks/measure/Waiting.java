package io.easyagent.benchmarks.measure;

import java.time.Duration;
import java.util.concurrent.Callable;

/** Looks again and again until something is so. */
public final class Waiting {
  private Waiting() {}

  /**
   * @param every how long between two looks
   * @throws BenchException when it is not so in time
   */
  public static void until(String what, Duration patience, Duration every, Callable<Boolean> holds)
      throws Exception {
    long started = SystemTime.nanos();
    while (!holds.call()) {
      if (SystemTime.secondsSince(started) > patience.toSeconds()) {
        throw new BenchException("not within " + patience.toSeconds() + " s: " + what);
      }
      SystemTime.pause(every);
    }
  }
}
