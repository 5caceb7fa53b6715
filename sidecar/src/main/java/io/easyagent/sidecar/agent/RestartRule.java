package io.easyagent.sidecar.agent;

import java.time.Duration;

/**
 * When a process that ended is started again.
 *
 * @param backoffFirst the delay of the second restart in a row; the first has none
 * @param backoffMost no delay is longer
 * @param resetAfter a run this long makes the next restart a first one again
 */
public record RestartRule(
    Policy policy, Duration backoffFirst, Duration backoffMost, Duration resetAfter) {

  /** Which ends lead to a restart. */
  public enum Policy {
    ALWAYS,
    ON_FAILURE,
    NEVER
  }
}
