package io.easyagent.sidecar.session;

import java.time.Duration;
import java.time.Instant;

/**
 * When a certificate is renewed: once a third of its life is over, spread over the next twelfth, so
 * that a fleet that was enrolled in one hour is not renewed in one.
 *
 * @param retry the wait after a renewal that failed
 * @param moveWithin for a certificate that the fleet's first authority did not issue: how soon,
 *     spread over all of it
 */
public record RenewalRule(Backoff retry, Duration moveWithin) {
  public static final RenewalRule USUAL =
      new RenewalRule(
          new Backoff(Duration.ofMinutes(1), Duration.ofHours(6)), Duration.ofMinutes(5));

  /**
   * @param spread 0 to 1
   */
  static Instant due(Instant from, Instant until, double spread) {
    Duration life = Duration.between(from, until);
    return from.plus(life.dividedBy(3)).plusMillis(Math.round(life.toMillis() / 12.0 * spread));
  }

  /** From here on a certificate that was not renewed is something that an operator should see. */
  static Instant late(Instant from, Instant until) {
    return from.plus(Duration.between(from, until).dividedBy(2));
  }
}
