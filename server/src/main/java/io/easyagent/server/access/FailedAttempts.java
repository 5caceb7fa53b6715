package io.easyagent.server.access;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Counts failed authentications by address: after {@link #MOST} of them an address has to wait. It
 * gets one try back every few seconds. Bounded: of many addresses the longest unseen are forgotten.
 */
public final class FailedAttempts {
  public static final int MOST = 10;
  public static final Duration WINDOW = Duration.ofMinutes(1);

  private static final long NANOS_FOR_ONE = WINDOW.toNanos() / MOST;
  private static final int MOST_ADDRESSES = 10_000;

  /** For each address the time at which all its failures are forgotten. */
  private final Map<String, Long> forgottenAt = new LinkedHashMap<>(16, 0.75f, true);

  private final LongSupplier nanoTime;

  /**
   * @param nanoTime monotonic
   */
  public FailedAttempts(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /** Notes a failure. */
  public synchronized void note(String address) {
    long now = nanoTime.getAsLong();
    long from = forgottenAt.containsKey(address) ? later(forgottenAt.get(address), now) : now;
    forgottenAt.put(address, from + NANOS_FOR_ONE);
    if (forgottenAt.size() > MOST_ADDRESSES) {
      forgottenAt.remove(forgottenAt.keySet().iterator().next());
    }
  }

  /** Whether the address has to wait before it may try again. */
  public synchronized boolean blocked(String address) {
    Long until = forgottenAt.get(address);
    return until != null && until - nanoTime.getAsLong() > WINDOW.toNanos() - NANOS_FOR_ONE;
  }

  private static long later(long one, long other) {
    return one - other > 0 ? one : other;
  }
}
