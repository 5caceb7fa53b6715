package io.easyagent.benchmarks.retention;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** A clock that goes when it is told to. Thread-safe. */
final class FastClock implements InstantSource {
  private volatile Instant now;

  FastClock(Instant start) {
    this.now = start;
  }

  @Override
  public Instant instant() {
    return now;
  }

  /** For one thread. */
  void advance(Duration time) {
    now = now.plus(time);
  }
}
