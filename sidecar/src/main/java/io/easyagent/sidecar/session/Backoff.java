package io.easyagent.sidecar.session;

import java.time.Duration;
import java.util.function.DoubleSupplier;

/**
 * How long to wait before the next try: anything up to a bound that doubles with each failure in a
 * row (full jitter), so that ten thousand hosts do not come back at once.
 *
 * @param first the bound after the first failure
 * @param most no bound is longer
 */
public record Backoff(Duration first, Duration most) {
  /** A fleet is back within a quarter of a minute of its server, spread over all of it. */
  public static final Backoff USUAL = new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(15));

  /** While an operator is to decide who the host is: soon after the decision it is back. */
  static final Backoff UNDECIDED = new Backoff(Duration.ofSeconds(20), Duration.ofSeconds(30));

  /** For refusals that only an operator ends. */
  static final Backoff REFUSED = new Backoff(Duration.ofSeconds(60), Duration.ofMinutes(5));

  /**
   * @throws IllegalArgumentException when the first bound is not positive or above the last
   */
  public Backoff {
    if (!first.isPositive() || first.compareTo(most) > 0) {
      throw new IllegalArgumentException(
          first.toMillis() + "ms.." + most.toMillis() + "ms (expected: 0 < first <= most)");
    }
  }

  /**
   * @param failures in a row, 1 or more
   * @param random gives numbers from 0 to 1
   */
  Duration delay(int failures, DoubleSupplier random) {
    int doublings = Math.clamp(failures - 1, 0, 20);
    long bound = Math.min(first.toMillis() << doublings, most.toMillis());
    return Duration.ofMillis(Math.round(bound * random.getAsDouble()));
  }
}
