package io.easyagent.sidecar.agent;

import java.time.Duration;

/**
 * How a running agent's health is watched.
 *
 * @param startPeriod failures this long after a start do not count
 * @param retries failures in a row until the agent is unhealthy
 */
public record HealthCheck(
    Probe probe,
    Duration interval,
    Duration timeout,
    Duration startPeriod,
    int retries,
    OnFailure onFailure) {

  /** What an unhealthy agent leads to. */
  public enum OnFailure {
    REPORT,
    RESTART
  }
}
