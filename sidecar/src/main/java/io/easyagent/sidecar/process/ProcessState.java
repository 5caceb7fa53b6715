package io.easyagent.sidecar.process;

import io.easyagent.sidecar.agent.ObservedAgent;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Where in its life a process is; each state carries what it needs. Times are monotonic, counted
 * from an arbitrary origin.
 */
public sealed interface ProcessState {

  /** When {@link ProcessEvent.DeadlinePassed} is due, if this state waits for a time. */
  default Optional<Duration> deadline() {
    return Optional.empty();
  }

  /** The main process, while there is one. */
  default OptionalInt pid() {
    return OptionalInt.empty();
  }

  /** A life of the main process. */
  record Run(int pid, Duration launchedAt, int attempt) {}

  /** Why a process is being ended although it runs. */
  enum StopReason {
    ASKED,
    UNHEALTHY,
    NOT_READY,
    /** To stay so until a start is wanted. */
    HELD,
    /** The next run of its schedule takes its place. */
    REPLACED
  }

  /** It is looked for what an earlier life of the sidecar has left. */
  record Finding() implements ProcessState {}

  /** Nothing runs, and nothing is meant to. */
  record Stopped() implements ProcessState {}

  /**
   * @param attempt restarts in a row before this launch
   */
  record Launching(int attempt) implements ProcessState {}

  /**
   * Launched, and not known to work yet.
   *
   * @param settledBy the time by which a sign of readiness must have been seen; where none is
   *     looked for, the time from which on it counts as running
   * @param lastFailure why there was no sign yet; may be empty
   */
  record Starting(Run run, Duration settledBy, String lastFailure) implements ProcessState {
    @Override
    public Optional<Duration> deadline() {
      return Optional.of(settledBy);
    }

    @Override
    public OptionalInt pid() {
      return OptionalInt.of(run.pid());
    }
  }

  /**
   * @param against health probes in a row that say otherwise than {@code health}: failed ones, or,
   *     while it is unhealthy, successful ones
   */
  record Running(Run run, ObservedAgent.Health health, int against) implements ProcessState {
    @Override
    public OptionalInt pid() {
      return OptionalInt.of(run.pid());
    }
  }

  /** The stop signal is sent; at the deadline the whole tree is killed. */
  record Stopping(Run run, StopReason reason, String cause, Duration killAt)
      implements ProcessState {
    @Override
    public Optional<Duration> deadline() {
      return Optional.of(killAt);
    }

    @Override
    public OptionalInt pid() {
      return OptionalInt.of(run.pid());
    }
  }

  /** The whole tree is killed; at the deadline it is killed again. */
  record Killing(Run run, StopReason reason, String cause, Duration againAt)
      implements ProcessState {
    @Override
    public Optional<Duration> deadline() {
      return Optional.of(againAt);
    }

    @Override
    public OptionalInt pid() {
      return OptionalInt.of(run.pid());
    }
  }

  /**
   * The main process has ended; what is left of its tree is being ended.
   *
   * @param againAt when to try again, after a try that left something
   */
  record Clearing(Ending ending, Optional<Duration> againAt) implements ProcessState {
    @Override
    public Optional<Duration> deadline() {
      return againAt;
    }
  }

  /**
   * How a run ended, and what it means for the next.
   *
   * @param reason present when it was ended on purpose
   * @param settled whether it had counted as started
   * @param failed whether it counts as a failure
   */
  record Ending(
      ProcessEnd end,
      String cause,
      Duration ranFor,
      int attempt,
      Optional<StopReason> reason,
      boolean killed,
      boolean settled,
      boolean failed) {

    /** The same end, followed by what an operator has asked for meanwhile. */
    Ending asked() {
      return new Ending(
          end, cause, ranFor, attempt, Optional.of(StopReason.ASKED), killed, settled, failed);
    }
  }

  record BackingOff(Duration until, int attempt) implements ProcessState {
    @Override
    public Optional<Duration> deadline() {
      return Optional.of(until);
    }
  }

  /** Ended, and its policy does not start it again. */
  record Ended(ProcessEnd end) implements ProcessState {}

  /** A scheduled agent between two runs. */
  record Waiting() implements ProcessState {}
}
