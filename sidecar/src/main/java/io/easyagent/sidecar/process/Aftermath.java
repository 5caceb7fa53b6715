package io.easyagent.sidecar.process;

import io.easyagent.sidecar.agent.AgentType;
import io.easyagent.sidecar.agent.DesiredState;
import io.easyagent.sidecar.process.ProcessAction.Announce;
import io.easyagent.sidecar.process.ProcessAction.AnnounceEnd;
import io.easyagent.sidecar.process.ProcessAction.ClearTree;
import io.easyagent.sidecar.process.ProcessAction.DropRecord;
import io.easyagent.sidecar.process.ProcessAction.Kind;
import io.easyagent.sidecar.process.ProcessAction.ReportNotStarted;
import io.easyagent.sidecar.process.ProcessAction.ReportNotStopped;
import io.easyagent.sidecar.process.ProcessAction.ReportStarted;
import io.easyagent.sidecar.process.ProcessAction.ReportStopped;
import io.easyagent.sidecar.process.ProcessEvent.ProcessEnded;
import io.easyagent.sidecar.process.ProcessState.BackingOff;
import io.easyagent.sidecar.process.ProcessState.Clearing;
import io.easyagent.sidecar.process.ProcessState.Due;
import io.easyagent.sidecar.process.ProcessState.Ended;
import io.easyagent.sidecar.process.ProcessState.Ending;
import io.easyagent.sidecar.process.ProcessState.Run;
import io.easyagent.sidecar.process.ProcessState.StopReason;
import io.easyagent.sidecar.process.ProcessState.Stopped;
import io.easyagent.sidecar.process.RestartPolicy.Restart;
import java.time.Duration;
import java.util.Optional;

/**
 * What follows when a start has ended: its tree is cleared, its postStop runs, then comes a
 * successor or none.
 */
final class Aftermath {
  /** A tree that could not be cleared is tried again this much later. */
  static final Duration CLEAR_AGAIN = Duration.ofSeconds(5);

  private final ProcessRules rules;
  private final RestartPolicy policy;
  private final Starts starts;
  private final RunTurns runs;

  Aftermath(ProcessRules rules, RestartPolicy policy, Starts starts, RunTurns runs) {
    this.rules = rules;
    this.policy = policy;
    this.starts = starts;
    this.runs = runs;
  }

  /** It ended by itself. */
  Step ended(ProcessLife life, Run run, ProcessEnded ended, boolean settled, Duration now) {
    Duration ranFor = now.minus(run.launchedAt());
    boolean background =
        rules.type() == AgentType.SERVICE && ended.end().succeeded() && ended.leftovers() > 0;
    String cause =
        background
            ? "it put itself in the background (its main process ended with 0 after "
                + Causes.duration(ranFor)
                + " and left "
                + ended.leftovers()
                + " running): run it in the foreground"
            : Causes.of(ended.end(), ranFor, ended.lastOutput());
    boolean failed = background || !rules.isSuccess(ended.end());
    return clear(
        because(life, cause),
        new Ending(
            ended.end(),
            cause,
            ranFor,
            run.attempt(),
            Optional.empty(),
            false,
            settled,
            failed,
            true),
        Kind.EXITED);
  }

  /** A preStart ended by itself, and not well: so has the start. */
  Step preStartFailed(ProcessLife life, Run run, ProcessEnded ended, Duration now) {
    String cause =
        word(run.phase()) + Causes.of(ended.end(), now.minus(run.launchedAt()), ended.lastOutput());
    return clear(
        because(life, cause),
        failedPreStart(ended.end(), cause, run.attempt(), false),
        Kind.HOOK_FAILED);
  }

  /** How long a preStart ran says nothing of how stable the agent is. */
  private static Ending failedPreStart(ProcessEnd end, String cause, int attempt, boolean settled) {
    return new Ending(
        end, cause, Duration.ZERO, attempt, Optional.empty(), false, settled, true, true);
  }

  static String word(Phase phase) {
    return phase == Phase.MAIN ? "" : phase.word() + ": ";
  }

  /** It ended after it was told to. */
  Step stopped(
      ProcessLife life,
      Run run,
      ProcessEnded ended,
      StopReason reason,
      String reasonCause,
      boolean killed,
      Duration now) {
    Duration ranFor = now.minus(run.launchedAt());
    String cause =
        switch (reason) {
          case ASKED -> word(run.phase()) + Causes.of(ended.end(), ranFor, "");
          case UNHEALTHY, NOT_READY, HELD, REPLACED -> reasonCause;
        };
    return clear(
        life,
        new Ending(
            ended.end(),
            cause,
            run.phase() == Phase.MAIN ? ranFor : Duration.ZERO,
            run.attempt(),
            Optional.of(reason),
            killed,
            reason != StopReason.NOT_READY,
            reason != StopReason.ASKED && reason != StopReason.REPLACED,
            true),
        run.phase() == Phase.PRE_START && reason != StopReason.ASKED
            ? Kind.HOOK_FAILED
            : Kind.EXITED);
  }

  /** It ended while no sidecar watched; how long it ran is not known and does not count. */
  Step foundEnded(ProcessLife life, ProcessEnd end) {
    String cause = "while the sidecar was away: " + Causes.ofUnwatched(end);
    Optional<StopReason> reason =
        life.desired() == DesiredState.STOPPED ? Optional.of(StopReason.ASKED) : Optional.empty();
    return clear(
        because(life, cause),
        new Ending(end, cause, Duration.ZERO, 0, reason, false, true, !rules.isSuccess(end), true),
        Kind.EXITED);
  }

  /** A preStart failed while no sidecar watched. */
  Step foundPreStartFailed(ProcessLife life, ProcessEnd end) {
    String cause = "while the sidecar was away: " + word(Phase.PRE_START) + Causes.ofUnwatched(end);
    return clear(because(life, cause), failedPreStart(end, cause, 0, true), Kind.HOOK_FAILED);
  }

  /** Of a run it is the cause of the wait that follows, with the run's name. */
  private ProcessLife because(ProcessLife life, String cause) {
    return rules.type() == AgentType.SCHEDULED ? life : life.because(cause);
  }

  /** It was stopped, to stay so: its end has been told, and nothing is to be started. */
  Step foundHeld(ProcessLife life, ProcessEnd end, String cause, boolean postStopDue) {
    Ending ending =
        new Ending(
            end,
            cause,
            Duration.ZERO,
            0,
            Optional.of(StopReason.HELD),
            false,
            true,
            true,
            postStopDue);
    return Step.of(life.because(cause).in(new Clearing(ending, Optional.empty())), new ClearTree());
  }

  /**
   * @param prepared whether a preStart had run before
   */
  Step launchFailed(ProcessLife life, int attempt, boolean prepared, String cause, Duration now) {
    Ending ending =
        new Ending(
            new ProcessEnd.NotStarted(cause),
            cause,
            Duration.ZERO,
            attempt,
            Optional.empty(),
            false,
            false,
            true,
            prepared);
    Step next = cleared(because(life, cause), ending, now);
    if (rules.type() == AgentType.SCHEDULED) {
      // Others say so when they wait for the next try.
      next = next.before(runs.announced(life, ending));
    }
    // What is on record is a preStart that went well: the next start has one of its own.
    return prepared ? next.before(new DropRecord()) : next;
  }

  private Step clear(ProcessLife life, Ending ending, Kind told) {
    return Step.of(
        life.in(new Clearing(ending, Optional.empty())),
        new AnnounceEnd(
            rules.type() == AgentType.SCHEDULED
                ? runs.announced(life, ending)
                : new Announce(told, ending.cause())),
        new ClearTree());
  }

  Step remained(ProcessLife life, Ending ending, String cause, Duration now) {
    return Step.of(
        life.because(cause).in(new Clearing(ending, Optional.of(now.plus(CLEAR_AGAIN)))),
        new ReportNotStopped(cause),
        new ReportNotStarted(cause));
  }

  Step clearAgain(ProcessLife life, Clearing clearing, Duration now) {
    return clearing.againAt().filter(againAt -> now.compareTo(againAt) >= 0).isPresent()
        ? Step.of(life.in(new Clearing(clearing.ending(), Optional.empty())), new ClearTree())
        : Step.of(life);
  }

  /** Nothing is left of the start: its postStop, where the definition has one, is next. */
  Step cleared(ProcessLife life, Ending ending, Duration now) {
    return ending.postStopDue() && rules.hooks().postStop().isPresent()
        ? Starts.launch(life, new Due.PostStop(ending))
        : over(life, ending, "", now);
  }

  /**
   * The start is over: a successor may start.
   *
   * @param failure what went wrong with its postStop; may be empty
   */
  Step over(ProcessLife life, Ending ended, String failure, Duration now) {
    Ending ending = failure.isEmpty() ? ended : ended.because(ended.cause() + "; " + failure);
    if (life.desired() == DesiredState.STOPPED) {
      return Step.of(
          life.withRuns(Runs.NONE).because(failure).in(new Stopped()),
          new DropRecord(),
          new ReportStopped(ending.killed()));
    }
    if (rules.type() == AgentType.SCHEDULED) {
      Step next = runs.ended(life, ending);
      return ending.reason().equals(Optional.of(StopReason.ASKED))
          ? next.before(new ReportStopped(ending.killed()))
          : next;
    }
    if (ending.reason().equals(Optional.of(StopReason.ASKED))) {
      return starts
          .start(life.withRestarts(0).because(failure), 0)
          .before(new ReportStopped(ending.killed()));
    }
    ProcessLife caused = life.because(ending.cause());
    if (ending.reason().equals(Optional.of(StopReason.HELD))) {
      return noRestart(caused, ending);
    }
    return policy
        .decide(rules, ending)
        .map(restart -> restart(caused, ending, restart, now))
        .orElseGet(() -> noRestart(caused, ending));
  }

  private Step restart(ProcessLife life, Ending ending, Restart restart, Duration now) {
    if (restart.delay().isZero()) {
      Step launch = starts.start(life.withRestarts(life.restarts() + 1), restart.attempt());
      return ending.settled() ? launch : launch.before(new ReportNotStarted(ending.cause()));
    }
    String cause = restart.cause(ending);
    return Step.of(
        life.because(cause).in(new BackingOff(now.plus(restart.delay()), restart.attempt())),
        new ReportNotStarted(ending.cause()),
        new Announce(
            restart.beginsCrashLoop() ? Kind.CRASH_LOOP : Kind.BACKING_OFF,
            cause + " (next try in " + Causes.duration(restart.delay()) + ")"));
  }

  private Step noRestart(ProcessLife life, Ending ending) {
    boolean done = rules.type() == AgentType.ONESHOT && !ending.failed();
    return Step.of(
        life.in(new Ended(ending.end())),
        done ? new ReportStarted(0) : new ReportNotStarted(ending.cause()));
  }
}
