package io.easyagent.cli;

import java.time.Clock;
import java.util.function.LongSupplier;

/** The one place of the command line where real time is read. */
final class SystemTime {
  private SystemTime() {}

  static Clock clock() {
    return Clock.systemDefaultZone();
  }

  /** Monotonic. */
  static LongSupplier nanoTime() {
    return System::nanoTime;
  }
}
