package io.easyagent.sidecar.process;

import io.easyagent.sidecar.agent.AgentType;
import io.easyagent.sidecar.agent.DesiredState;
import io.easyagent.sidecar.process.ProcessAction.Announce;
import io.easyagent.sidecar.process.ProcessAction.ClearTree;
import io.easyagent.sidecar.process.ProcessAction.DropRecord;
import io.easyagent.sidecar.process.ProcessAction.Kind;
import io.easyagent.sidecar.process.ProcessAction.Launch;
import io.easyagent.sidecar.process.ProcessAction.ReportNotStarted;
import io.easyagent.sidecar.process.ProcessAction.ReportNotStopped;
import io.easyagent.sidecar.process.ProcessAction.ReportStarted;
import io.easyagent.sidecar.process.ProcessAction.ReportStopped;
import io.easyagent.sidecar.process.ProcessEvent.ProcessEnded;
import io.easyagent.sidecar.process.ProcessState.BackingOff;
import io.easyagent.sidecar.process.ProcessState.Clearing;
import io.easyagent.sidecar.process.ProcessState.Ended;
import io.easyagent.sidecar.process.ProcessState.Ending;
import io.easyagent.sidecar.process.ProcessState.Launching;
import io.easyagent.sidecar.process.ProcessState.Run;
import io.easyagent.sidecar.process.ProcessState.StopReason;
import io.easyagent.sidecar.process.ProcessState.Stopped;
import io.easyagent.sidecar.process.RestartPolicy.Restart;
import java.time.Duration;
import java.util.Optional;

/** What follows when a main process has ended: its tree is cleared, then a successor or none. */
final class Aftermath {
  /** A tree that could not be cleared is tried again this much later. */
  static final Duration CLEAR_AGAIN = Duration.ofSeconds(5);

  private final ProcessRules rules;
  private final RestartPolicy policy;
  private final RunTurns runs;

  Aftermath(ProcessRules rules, RestartPolicy policy, RunTurns runs) {
    this.rules = rules;
    this.policy = policy;
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
            ended.end(), cause, ranFor, run.attempt(), Optional.empty(), false, settled, failed));
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
          case ASKED -> Causes.of(ended.end(), ranFor, "");
          case UNHEALTHY, NOT_READY, HELD, REPLACED -> reasonCause;
        };
    return clear(
        life,
        new Ending(
            ended.end(),
            cause,
            ranFor,
            run.attempt(),
            Optional.of(reason),
            killed,
            reason != StopReason.NOT_READY,
            reason != StopReason.ASKED && reason != StopReason.REPLACED));
  }

  /** It ended while no sidecar watched; how long it ran is not known and does not count. */
  Step foundEnded(ProcessLife life, ProcessEnd end) {
    String cause = "while the sidecar was away: " + Causes.ofUnwatched(end);
    Optional<StopReason> reason =
        life.desired() == DesiredState.STOPPED ? Optional.of(StopReason.ASKED) : Optional.empty();
    return clear(
        because(life, cause),
        new Ending(end, cause, Duration.ZERO, 0, reason, false, true, !rules.isSuccess(end)));
  }

  /** Of a run it is the cause of the wait that follows, with the run's name. */
  private ProcessLife because(ProcessLife life, String cause) {
    return rules.type() == AgentType.SCHEDULED ? life : life.because(cause);
  }

  /** It was stopped, to stay so: its end has been told, and nothing is to be started. */
  Step foundHeld(ProcessLife life, ProcessEnd end, String cause) {
    Ending ending =
        new Ending(end, cause, Duration.ZERO, 0, Optional.of(StopReason.HELD), false, true, true);
    return Step.of(life.because(cause).in(new Clearing(ending, Optional.empty())), new ClearTree());
  }

  Step launchFailed(ProcessLife life, int attempt, String cause, Duration now) {
    Ending ending =
        new Ending(
            new ProcessEnd.NotStarted(cause),
            cause,
            Duration.ZERO,
            attempt,
            Optional.empty(),
            false,
            false,
            true);
    Step step = cleared(life.because(cause), ending, now);
    // Others say so when they wait for the next try.
    return rules.type() == AgentType.SCHEDULED ? step.before(runs.announced(life, ending)) : step;
  }

  private Step clear(ProcessLife life, Ending ending) {
    return Step.of(
        life.in(new Clearing(ending, Optional.empty())),
        rules.type() == AgentType.SCHEDULED
            ? runs.announced(life, ending)
            : new Announce(Kind.EXITED, ending.cause()),
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

  /** Nothing is left: a successor may start. */
  Step cleared(ProcessLife life, Ending ending, Duration now) {
    if (life.desired() == DesiredState.STOPPED) {
      return Step.of(
          life.withRuns(Runs.NONE).because("").in(new Stopped()),
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
      return Step.of(
          life.withRestarts(0).because("").in(new Launching(0)),
          new ReportStopped(ending.killed()),
          new Launch());
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

  private static Step restart(ProcessLife life, Ending ending, Restart restart, Duration now) {
    if (restart.delay().isZero()) {
      Step launch =
          Step.of(
              life.withRestarts(life.restarts() + 1).in(new Launching(restart.attempt())),
              new Launch());
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
