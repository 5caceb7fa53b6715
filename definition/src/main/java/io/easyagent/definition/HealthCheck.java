package io.easyagent.definition;

import java.time.Duration;

/**
 * How a running agent's health is watched.
 *
 * @param startPeriod failures this long after a start do not count
 * @param retries failures in a row until the agent is unhealthy, and successes in a row until one
 *     that is unhealthy is healthy again
 */
public record HealthCheck(
    Probe probe,
    Duration interval,
    Duration timeout,
    Duration startPeriod,
    int retries,
    OnFailure onFailure) {
  static final Duration DEFAULT_INTERVAL = Duration.ofSeconds(15);
  static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(5);
  static final int DEFAULT_RETRIES = 3;

  /** What an unhealthy agent leads to. */
  public enum OnFailure {
    REPORT,
    RESTART,
    /** It is stopped, and stays so until it is started by a command. */
    STOP
  }
}
