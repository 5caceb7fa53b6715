package io.easyagent.simulator;

import java.time.Clock;
import java.util.concurrent.ThreadLocalRandom;

/** The one place where this program asks the machine for the time and for chance. */
final class SystemTime {

  private SystemTime() {}

  /** The wall clock, for people. */
  static Clock clock() {
    return Clock.systemUTC();
  }

  /** Monotonic, for decisions. */
  static long nanoTime() {
    return System.nanoTime();
  }

  /** From 0 (inclusive) to 1 (exclusive). */
  static double random() {
    return ThreadLocalRandom.current().nextDouble();
  }
}
