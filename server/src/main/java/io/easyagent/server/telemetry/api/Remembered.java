package io.easyagent.server.telemetry.api;

import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A value that is looked up at most once in a while, however often it is asked for. */
final class Remembered<T> {
  private final Supplier<T> lookUp;
  private final long lookAgainAfter;
  private final LongSupplier nanoTime;
  private @Nullable T value;
  private long lookedAt;

  /**
   * @param nanoTime monotonic
   */
  Remembered(Supplier<T> lookUp, Duration lookAgainAfter, LongSupplier nanoTime) {
    this.lookUp = lookUp;
    this.lookAgainAfter = lookAgainAfter.toNanos();
    this.nanoTime = nanoTime;
  }

  synchronized T get() {
    T known = value;
    if (known != null && nanoTime.getAsLong() - lookedAt < lookAgainAfter) {
      return known;
    }
    T found = lookUp.get();
    value = found;
    lookedAt = nanoTime.getAsLong();
    return found;
  }
}
