package io.easyagent.sidecar.supervise;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** A wall clock that runs as fast as the machine's and shows what it was set to. */
final class SetClock implements InstantSource {
  private final long origin = System.nanoTime();
  private volatile Instant start;

  SetClock(Instant start) {
    this.start = start;
  }

  @Override
  public Instant instant() {
    return start.plusNanos(System.nanoTime() - origin);
  }

  /** Now, as an operator or a time server would. */
  void set(Instant now) {
    start = now.minus(Duration.ofNanos(System.nanoTime() - origin));
  }
}
