package io.easyagent.server;

import java.time.InstantSource;
import java.util.function.LongSupplier;

/** The machine's clocks; the only place that reads them. */
final class SystemTime {
  private SystemTime() {}

  static InstantSource wallClock() {
    return InstantSource.system();
  }

  /** Monotonic nanoseconds. */
  static LongSupplier nanoTime() {
    return System::nanoTime;
  }
}
