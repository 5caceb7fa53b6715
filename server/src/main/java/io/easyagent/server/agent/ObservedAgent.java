package io.easyagent.server.agent;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What the host last said of an agent.
 *
 * @param revision of the definition that the host has
 * @param version the package version that the host has; empty without a package
 * @param restarts starts after the first since it was last told to start
 * @param cause why it is in this state, in one line; empty when nothing is remarkable
 * @param nextStart while backing off, by the server's clock; while waiting for the next run of its
 *     schedule, by the host's
 */
public record ObservedAgent(
    State state,
    Health health,
    DesiredState desired,
    long revision,
    Optional<String> version,
    Instant since,
    long restarts,
    String cause,
    Optional<Integer> pid,
    Optional<Instant> nextStart,
    List<String> conditions) {
  public ObservedAgent {
    conditions = List.copyOf(conditions);
  }

  /** The coarse public state of an agent's process. */
  public enum State {
    STOPPED,
    STARTING,
    RUNNING,
    STOPPING,
    BACKING_OFF,
    EXITED,
    WAITING
  }

  /** What the health check last concluded. */
  public enum Health {
    NONE,
    UNKNOWN,
    HEALTHY,
    UNHEALTHY
  }
}
