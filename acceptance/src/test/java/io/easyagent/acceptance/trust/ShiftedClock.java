package io.easyagent.acceptance.trust;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** The machine's clock, so many days ago. */
public final class ShiftedClock extends Clock {
  private volatile Duration back;

  public ShiftedClock(int daysAgo) {
    back = Duration.ofDays(daysAgo);
  }

  public void goTo(int daysAgo) {
    back = Duration.ofDays(daysAgo);
  }

  public void advance(Duration duration) {
    back = back.minus(duration);
  }

  @Override
  public Instant instant() {
    return Instant.now().minus(back);
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  @Override
  public Clock withZone(ZoneId zone) {
    throw new UnsupportedOperationException();
  }
}
