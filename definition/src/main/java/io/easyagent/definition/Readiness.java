package io.easyagent.definition;

import java.time.Duration;
import java.util.Optional;

/**
 * When a starting agent counts as running: once there is a sign of it.
 *
 * @param timeout by then there must be a sign
 */
public record Readiness(Sign sign, Duration timeout) {
  static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(60);

  /** Ready once the probe goes well. */
  public Readiness(Probe probe, Duration timeout) {
    this(new Sign.Answer(probe), timeout);
  }

  /** What shows that an agent is ready. */
  public sealed interface Sign {
    /** The probe goes well. */
    record Answer(Probe probe) implements Sign {}

    /** It still runs at the timeout. */
    record StayedUp() implements Sign {}

    /** A line of its output holds this text. */
    record Line(String text) implements Sign {}
  }

  /** What is asked, if something is. */
  public Optional<Probe> probe() {
    return sign instanceof Sign.Answer(Probe probe) ? Optional.of(probe) : Optional.empty();
  }
}
