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

  /**
   * A life of the main process or of a hook.
   *
   * @param attempt restarts in a row before the launch that it is of
   */
  record Run(int pid, Duration launchedAt, int attempt, Phase phase) {
    Run(int pid, Duration launchedAt, int attempt) {
      this(pid, launchedAt, attempt, Phase.MAIN);
    }

    /** Present when it is the main process's. */
    OptionalInt mainPid() {
      return phase == Phase.MAIN ? OptionalInt.of(pid) : OptionalInt.empty();
    }
  }

  /** Why a process is being ended although it runs. */
  enum StopReason {
    ASKED,
    UNHEALTHY,
    /** Its start has failed: it was not ready in time, or its preStart not done. */
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
   * The main process is being launched.
   *
   * @param attempt restarts in a row before this launch
   * @param prepared whether a preStart of this start has run
   */
  record Launching(int attempt, boolean prepared) implements ProcessState {}

  /** A hook, and what it carries to what follows it. */
  sealed interface Due {
    /**
     * @param attempt of the launch that follows it
     */
    record PreStart(int attempt) implements Due {}

    /**
     * @param ending of the start that it follows
     */
    record PostStop(Ending ending) implements Due {}

    default Phase phase() {
      return switch (this) {
        case PreStart(int _) -> Phase.PRE_START;
        case PostStop(var _) -> Phase.POST_STOP;
      };
    }
  }

  record HookLaunching(Due due) implements ProcessState {}

  /**
   * @param endBy when its tree is killed, or killed again
   * @param killed whether it was; only a postStop stays in this state then
   */
  record HookRunning(Due due, Run run, Duration endBy, boolean killed) implements ProcessState {
    @Override
    public Optional<Duration> deadline() {
      return Optional.of(endBy);
    }
  }

  /**
   * A hook is over, for a preStart well; what is left of its tree is being ended.
   *
   * @param failure what went wrong with a postStop; may be empty
   * @param againAt when to try again, after a try that left something
   */
  record HookClearing(Due due, String failure, Optional<Duration> againAt) implements ProcessState {
    @Override
    public Optional<Duration> deadline() {
      return againAt;
    }
  }

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

  /**
   * The stop signal is sent, to the main process or preStart; at the deadline the tree is killed.
   */
  record Stopping(Run run, StopReason reason, String cause, Duration killAt)
      implements ProcessState {
    @Override
    public Optional<Duration> deadline() {
      return Optional.of(killAt);
    }

    @Override
    public OptionalInt pid() {
      return run.mainPid();
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
      return run.mainPid();
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
   * How a start ended, and what it means for the next.
   *
   * @param reason present when it was ended on purpose
   * @param settled whether it had counted as started
   * @param failed whether it counts as a failure
   * @param postStopDue whether a postStop, where the definition has one, has yet to follow
   */
  record Ending(
      ProcessEnd end,
      String cause,
      Duration ranFor,
      int attempt,
      Optional<StopReason> reason,
      boolean killed,
      boolean settled,
      boolean failed,
      boolean postStopDue) {

    /** The same end, followed by what an operator has asked for meanwhile. */
    Ending asked() {
      return new Ending(
          end,
          cause,
          ranFor,
          attempt,
          Optional.of(StopReason.ASKED),
          killed,
          settled,
          failed,
          postStopDue);
    }

    /** The same end, of which more is told. */
    Ending because(String changed) {
      return new Ending(
          end, changed, ranFor, attempt, reason, killed, settled, failed, postStopDue);
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
