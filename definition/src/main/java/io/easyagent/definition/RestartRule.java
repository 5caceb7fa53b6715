package io.easyagent.definition;

import java.time.Duration;

/**
 * When a process that ended is started again.
 *
 * @param backoffFirst the delay of the second restart in a row; the first has none
 * @param backoffMost no delay is longer
 * @param resetAfter a run this long makes the next restart a first one again
 * @param success which ends are no failure
 */
public record RestartRule(
    Policy policy,
    Duration backoffFirst,
    Duration backoffMost,
    Duration resetAfter,
    SuccessfulEnds success) {
  static final Duration DEFAULT_BACKOFF_FIRST = Duration.ofSeconds(1);
  static final Duration DEFAULT_BACKOFF_MOST = Duration.ofMinutes(5);
  static final Duration DEFAULT_RESET_AFTER = Duration.ofMinutes(10);

  /** Only exit status 0 is a success. */
  public RestartRule(
      Policy policy, Duration backoffFirst, Duration backoffMost, Duration resetAfter) {
    this(policy, backoffFirst, backoffMost, resetAfter, SuccessfulEnds.NONE_BUT_ZERO);
  }

  /** Which ends lead to a restart. */
  public enum Policy {
    ALWAYS,
    ON_FAILURE,
    NEVER
  }

  /** What holds when the definition says nothing: services are kept running, oneshots end. */
  static Policy defaultPolicy(AgentType type) {
    return switch (type) {
      case SERVICE -> Policy.ALWAYS;
      case ONESHOT, SCHEDULED -> Policy.NEVER;
    };
  }
}
