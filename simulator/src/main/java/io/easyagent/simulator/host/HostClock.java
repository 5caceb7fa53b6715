package io.easyagent.simulator.host;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** A host's wall clock, which may be wrong. Thread-safe. */
final class HostClock extends Clock {
  private final InstantSource right;
  private volatile Duration skew = Duration.ZERO;

  HostClock(InstantSource right) {
    this.right = right;
  }

  /** From now on it is this much ahead of the simulator's; negative: behind. */
  void skew(Duration ahead) {
    skew = ahead;
  }

  @Override
  public Instant instant() {
    return right.instant().plus(skew);
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  @Override
  public Clock withZone(ZoneId zone) {
    throw new UnsupportedOperationException("zone: " + zone + " (expected: UTC)");
  }
}
