package io.easyagent.sidecar.agent;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What is seen of an agent's process.
 *
 * @param restarts starts after the first since it was last told to start
 * @param cause why it is in this state, in one line; empty when nothing is remarkable
 * @param nextStartIn while backing off
 * @param conditions what an operator should know, for example a limit that the host cannot give
 * @param nextRun while waiting for it
 */
public record ObservedAgent(
    State state,
    Health health,
    Instant since,
    long restarts,
    String cause,
    OptionalInt pid,
    Optional<Duration> nextStartIn,
    List<String> conditions,
    Optional<Instant> nextRun) {

  public ObservedAgent {
    conditions = List.copyOf(conditions);
  }

  /** Of an agent that does not wait for a run. */
  public ObservedAgent(
      State state,
      Health health,
      Instant since,
      long restarts,
      String cause,
      OptionalInt pid,
      Optional<Duration> nextStartIn,
      List<String> conditions) {
    this(state, health, since, restarts, cause, pid, nextStartIn, conditions, Optional.empty());
  }

  /** What there is to say of an agent that nothing supervises at that time. */
  public static ObservedAgent unsupervised(Instant now) {
    return new ObservedAgent(
        State.STOPPED,
        Health.NONE,
        now,
        0,
        "not under supervision",
        OptionalInt.empty(),
        Optional.empty(),
        List.of());
  }

  /** The coarse public state. */
  public enum State {
    STOPPED,
    STARTING,
    RUNNING,
    STOPPING,
    BACKING_OFF,
    /** Ended, and its policy does not start it again. */
    EXITED,
    /** A scheduled agent between two runs. */
    WAITING
  }

  /** What the health check last concluded. */
  public enum Health {
    /** No check is defined. */
    NONE,
    UNKNOWN,
    HEALTHY,
    UNHEALTHY
  }
}
