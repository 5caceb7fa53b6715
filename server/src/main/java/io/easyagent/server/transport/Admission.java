package io.easyagent.server.transport;

import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Lets so much work be under way and no more, counted in places. Who comes beyond is told when to
 * come back: one after the other, at a pace that the server can keep up with, so that a storm of
 * ten thousand becomes a queue that costs the server nothing. Thread-safe; nothing here waits.
 */
public final class Admission {
  /** A server that has come back is shy of nobody for longer. */
  private static final Duration LONGEST = Duration.ofMinutes(2);

  private static final Duration SHORTEST = Duration.ofSeconds(1);
  private static final double NANOS_PER_SECOND = 1e9;

  private final int most;
  private final long nanosBetween;
  private final LongSupplier nanoTime;
  private int underWay;
  private long nextComesIn;
  private long asOf;

  /**
   * @param most places
   * @param perSecond for how many places those who were sent away are to come back in a second
   */
  public Admission(int most, double perSecond, LongSupplier nanoTime) {
    this.most = most;
    this.nanosBetween = Math.round(NANOS_PER_SECOND / perSecond);
    this.nanoTime = nanoTime;
    this.asOf = nanoTime.getAsLong();
  }

  /**
   * Asks for so many places at once, which are to be given back by {@link #leave}. More than there
   * are at all are had when nobody else has any.
   *
   * @return nothing when there are; else how long to wait before asking again
   */
  public synchronized Optional<Duration> enter(int places) {
    if (underWay == 0 || underWay + places <= most) {
      underWay += places;
      return Optional.empty();
    }
    long now = nanoTime.getAsLong();
    nextComesIn = Math.max(SHORTEST.toNanos(), nextComesIn - (now - asOf)) + nanosBetween * places;
    asOf = now;
    nextComesIn = Math.min(nextComesIn, LONGEST.toNanos());
    return Optional.of(Duration.ofNanos(nextComesIn));
  }

  /** Gives the places back. */
  public synchronized void leave(int places) {
    underWay -= places;
  }
}
