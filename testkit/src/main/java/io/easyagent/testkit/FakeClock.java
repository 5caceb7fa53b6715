package io.easyagent.testkit;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.ScheduledExecutorService;

/**
 * A clock that only the test moves: wall clock, monotonic nanoseconds and scheduler in one. Nothing
 * that is given to the {@link #scheduler} ever runs inline: it runs in {@link #advance}, on the
 * thread that calls it, in the order in which it is due, and the clock shows the due time while it
 * runs. Thread-safe; {@code advance} is for one thread at a time.
 */
public final class FakeClock extends Clock {
  private final Timeline timeline;
  private final ZoneId zone;

  /** Starts at 2026-01-01T00:00:00Z. */
  public FakeClock() {
    this(Instant.parse("2026-01-01T00:00:00Z"));
  }

  public FakeClock(Instant start) {
    this(new Timeline(start), ZoneOffset.UTC);
  }

  private FakeClock(Timeline timeline, ZoneId zone) {
    this.timeline = timeline;
    this.zone = zone;
  }

  @Override
  public Instant instant() {
    return timeline.instant();
  }

  @Override
  public ZoneId getZone() {
    return zone;
  }

  /** The same clock, seen in another zone. */
  @Override
  public FakeClock withZone(ZoneId other) {
    return new FakeClock(timeline, other);
  }

  /** Monotonic nanoseconds: {@code clock::nanoTime} is a {@code LongSupplier}. */
  public long nanoTime() {
    return timeline.nanoTime();
  }

  /**
   * The scheduler that this clock drives; always the same one. After {@code shutdown} it refuses
   * new tasks and drops periodic ones, and still runs the delayed ones when they are due.
   */
  public ScheduledExecutorService scheduler() {
    return timeline.scheduler();
  }

  /**
   * Moves wall clock and monotonic clock, running on the way what is due, also what the tasks
   * themselves give to the scheduler. {@code Duration.ZERO} runs what is due now.
   *
   * @throws IllegalArgumentException for a negative duration
   */
  public void advance(Duration duration) {
    if (duration.isNegative()) {
      throw new IllegalArgumentException("duration: " + duration + " (expected: not negative)");
    }
    timeline.advance(duration.toNanos());
  }

  /** Steps the wall clock alone, as a time server would; nothing runs. */
  public void stepWallClock(Duration step) {
    timeline.stepWallClock(step);
  }

  /** How many tasks wait in the scheduler. */
  public int pendingTasks() {
    return timeline.pendingTasks();
  }
}
