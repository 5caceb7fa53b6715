package io.easyagent.sidecar.agent;

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
}
