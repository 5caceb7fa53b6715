package io.easyagent.sidecar.process;

import io.easyagent.sidecar.agent.DesiredState;
import io.easyagent.sidecar.agent.Hook;
import io.easyagent.sidecar.process.ProcessAction.Announce;
import io.easyagent.sidecar.process.ProcessAction.AnnounceEnd;
import io.easyagent.sidecar.process.ProcessAction.ClearTree;
import io.easyagent.sidecar.process.ProcessAction.KillTree;
import io.easyagent.sidecar.process.ProcessAction.Kind;
import io.easyagent.sidecar.process.ProcessAction.ReportNotStarted;
import io.easyagent.sidecar.process.ProcessAction.ReportNotStopped;
import io.easyagent.sidecar.process.ProcessAction.SendStopSignal;
import io.easyagent.sidecar.process.ProcessEvent.DeadlinePassed;
import io.easyagent.sidecar.process.ProcessEvent.Found;
import io.easyagent.sidecar.process.ProcessEvent.FoundDue;
import io.easyagent.sidecar.process.ProcessEvent.FoundHook;
import io.easyagent.sidecar.process.ProcessEvent.FoundHookEnded;
import io.easyagent.sidecar.process.ProcessEvent.LaunchFailed;
import io.easyagent.sidecar.process.ProcessEvent.Launched;
import io.easyagent.sidecar.process.ProcessEvent.ProbeFailed;
import io.easyagent.sidecar.process.ProcessEvent.ProbeSucceeded;
import io.easyagent.sidecar.process.ProcessEvent.ProcessEnded;
import io.easyagent.sidecar.process.ProcessEvent.RunDue;
import io.easyagent.sidecar.process.ProcessEvent.StartWanted;
import io.easyagent.sidecar.process.ProcessEvent.StopWanted;
import io.easyagent.sidecar.process.ProcessEvent.TreeCleared;
import io.easyagent.sidecar.process.ProcessEvent.TreeRemained;
import io.easyagent.sidecar.process.ProcessState.Due;
import io.easyagent.sidecar.process.ProcessState.Ending;
import io.easyagent.sidecar.process.ProcessState.HookClearing;
import io.easyagent.sidecar.process.ProcessState.HookLaunching;
import io.easyagent.sidecar.process.ProcessState.HookRunning;
import io.easyagent.sidecar.process.ProcessState.Killing;
import io.easyagent.sidecar.process.ProcessState.Run;
import io.easyagent.sidecar.process.ProcessState.StopReason;
import io.easyagent.sidecar.process.ProcessState.Stopping;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * The part of the machine in which a hook has the agent's place. A preStart that is to be ended
 * goes through the states of a process that is stopped; a postStop is left to its end, which its
 * timeout bounds.
 */
final class HookMachine {
  /** Of a hook that was launched by a definition that is not the agent's any more. */
  private static final Duration FORMER_TIMEOUT = Duration.ofSeconds(30);

  private final ProcessRules rules;
  private final Aftermath aftermath;
  private final RunTurns runs;

  HookMachine(ProcessRules rules, Aftermath aftermath, RunTurns runs) {
    this.rules = rules;
    this.aftermath = aftermath;
    this.runs = runs;
  }

  Step whenLaunching(ProcessLife life, HookLaunching launching, ProcessEvent event, Duration now) {
    Due due = launching.due();
    return switch (event) {
      case StartWanted _ -> Step.of(wanting(life, DesiredState.RUNNING, due, HookLaunching::new));
      case StopWanted _ -> notStarted(wanting(life, DesiredState.STOPPED, due, HookLaunching::new));
      case Launched(int pid) -> launched(life, due, pid, now, now);
      case LaunchFailed(String reason) -> {
        String failure = Aftermath.word(due.phase()) + reason;
        yield switch (due) {
          case Due.PreStart(int attempt) ->
              aftermath.launchFailed(life, attempt, false, failure, now);
          case Due.PostStop(Ending ending) ->
              aftermath
                  .over(life, ending, failure, now)
                  .before(new Announce(Kind.HOOK_FAILED, failure));
        };
      }
      case RunDue(Instant moment) -> runs.dueMeanwhile(life, moment);
      case Found _,
          ProcessEnded _,
          ProbeSucceeded _,
          ProbeFailed _,
          DeadlinePassed _,
          TreeCleared _,
          TreeRemained _ ->
          ProcessMachine.ignored(life);
    };
  }

  Step whenRunning(ProcessLife life, HookRunning running, ProcessEvent event, Duration now) {
    return switch (event) {
      case StartWanted _ ->
          Step.of(wanting(life, DesiredState.RUNNING, running.due(), inPlaceOf(running)));
      case StopWanted _ ->
          switch (running.due()) {
            case Due.PreStart _ ->
                stop(life.wanting(DesiredState.STOPPED).because(""), running.run(), now)
                    .before(new ReportNotStarted(ProcessMachine.STOPPED_MEANWHILE));
            case Due.PostStop _ ->
                notStarted(wanting(life, DesiredState.STOPPED, running.due(), inPlaceOf(running)));
          };
      case ProcessEnded ended -> ended(life, running, ended, now);
      case DeadlinePassed _ ->
          now.compareTo(running.endBy()) < 0
              ? ProcessMachine.ignored(life)
              : timePassed(life, running, now);
      case RunDue(Instant moment) ->
          switch (running.due()) {
            case Due.PreStart _ -> runs.dueWhile(life, running.run(), moment, now);
            case Due.PostStop _ -> runs.dueMeanwhile(life, moment);
          };
      case Found _,
          Launched _,
          LaunchFailed _,
          ProbeSucceeded _,
          ProbeFailed _,
          TreeCleared _,
          TreeRemained _ ->
          ProcessMachine.ignored(life);
    };
  }

  Step whenClearing(ProcessLife life, HookClearing clearing, ProcessEvent event, Duration now) {
    InState same = due -> new HookClearing(due, clearing.failure(), clearing.againAt());
    return switch (event) {
      case StartWanted _ -> Step.of(wanting(life, DesiredState.RUNNING, clearing.due(), same));
      case StopWanted _ -> notStarted(wanting(life, DesiredState.STOPPED, clearing.due(), same));
      case TreeCleared _ -> cleared(life, clearing, now);
      case TreeRemained(String cause) ->
          Step.of(
              life.because(cause)
                  .in(
                      new HookClearing(
                          clearing.due(),
                          clearing.failure(),
                          Optional.of(now.plus(Aftermath.CLEAR_AGAIN)))),
              new ReportNotStopped(cause),
              new ReportNotStarted(cause));
      case DeadlinePassed _ ->
          clearing.againAt().filter(againAt -> now.compareTo(againAt) >= 0).isPresent()
              ? clear(life, clearing.due(), clearing.failure())
              : ProcessMachine.ignored(life);
      case RunDue(Instant moment) -> runs.dueMeanwhile(life, moment);
      case Found _, Launched _, LaunchFailed _, ProcessEnded _, ProbeSucceeded _, ProbeFailed _ ->
          ProcessMachine.ignored(life);
    };
  }

  /** An earlier life of the sidecar has launched it; its time counts from then. */
  Step found(ProcessLife life, FoundHook found, Duration now) {
    Due due = due(life, found.due());
    return launched(life, due, found.pid(), now.minus(found.upFor()), now)
        .before(new Announce(Kind.ADOPTED, due.phase().word() + ", pid " + found.pid()));
  }

  Step foundEnded(ProcessLife life, FoundHookEnded found) {
    Due due = due(life, found.due());
    if (found.end().succeeded()) {
      return clear(life, due, "");
    }
    return switch (due) {
      case Due.PreStart _ -> aftermath.foundPreStartFailed(life, found.end());
      case Due.PostStop _ ->
          clearAfterFailure(
              life, due, Aftermath.word(due.phase()) + Causes.ofUnwatched(found.end()));
    };
  }

  private static Due due(ProcessLife life, FoundDue found) {
    return switch (found) {
      case FoundDue.PreStart() -> new Due.PreStart(0);
      case FoundDue.PostStop(var end, boolean failed, String cause, var held) -> {
        Optional<StopReason> reason =
            life.desired() == DesiredState.STOPPED
                ? Optional.of(StopReason.ASKED)
                : held.map(_ -> StopReason.HELD);
        yield new Due.PostStop(
            new Ending(
                end, held.orElse(cause), Duration.ZERO, 0, reason, false, true, failed, false));
      }
    };
  }

  private Step launched(ProcessLife life, Due due, int pid, Duration launchedAt, Duration now) {
    int attempt =
        switch (due) {
          case Due.PreStart(int before) -> before;
          case Due.PostStop(Ending ending) -> ending.attempt();
        };
    Run run = new Run(pid, launchedAt, attempt, due.phase());
    return due instanceof Due.PreStart && life.desired() == DesiredState.STOPPED
        ? stop(life, run, now)
        : Step.of(life.in(new HookRunning(due, run, launchedAt.plus(timeout(due)), false)));
  }

  private Duration timeout(Due due) {
    Optional<Hook> hook =
        switch (due) {
          case Due.PreStart _ -> rules.hooks().preStart();
          case Due.PostStop _ -> rules.hooks().postStop();
        };
    return hook.map(Hook::timeout).orElse(FORMER_TIMEOUT);
  }

  private Step stop(ProcessLife life, Run run, Duration now) {
    return Step.of(
        life.in(new Stopping(run, StopReason.ASKED, "", now.plus(rules.stop().grace()))),
        new SendStopSignal(run.pid()));
  }

  private Step timePassed(ProcessLife life, HookRunning running, Duration now) {
    Duration again = now.plus(ProcessMachine.KILL_AGAIN);
    return switch (running.due()) {
      case Due.PreStart _ -> {
        String cause = notDone(running.due());
        yield Step.of(
            life.because(cause).in(new Killing(running.run(), StopReason.NOT_READY, cause, again)),
            new KillTree());
      }
      case Due.PostStop _ ->
          Step.of(
              life.in(new HookRunning(running.due(), running.run(), again, true)), new KillTree());
    };
  }

  private String notDone(Due due) {
    return Aftermath.word(due.phase()) + "not done within " + Causes.duration(timeout(due));
  }

  private Step ended(ProcessLife life, HookRunning running, ProcessEnded ended, Duration now) {
    Due due = running.due();
    if (ended.end().succeeded() && !running.killed()) {
      return clear(life, due, "");
    }
    return switch (due) {
      case Due.PreStart _ -> aftermath.preStartFailed(life, running.run(), ended, now);
      case Due.PostStop _ ->
          clearAfterFailure(
              life,
              due,
              running.killed()
                  ? notDone(due)
                  : Aftermath.word(due.phase())
                      + Causes.of(
                          ended.end(), now.minus(running.run().launchedAt()), ended.lastOutput()));
    };
  }

  private static Step clearAfterFailure(ProcessLife life, Due due, String failure) {
    return clear(life, due, failure)
        .before(new AnnounceEnd(new Announce(Kind.HOOK_FAILED, failure)));
  }

  private static Step clear(ProcessLife life, Due due, String failure) {
    return Step.of(life.in(new HookClearing(due, failure, Optional.empty())), new ClearTree());
  }

  private Step cleared(ProcessLife life, HookClearing clearing, Duration now) {
    return switch (clearing.due()) {
      case Due.PreStart(int attempt) ->
          life.desired() == DesiredState.STOPPED
              ? aftermath.cleared(life, stoppedAfterPreStart(attempt), now)
              : Starts.launchMain(life, attempt, true);
      case Due.PostStop(Ending ending) -> aftermath.over(life, ending, clearing.failure(), now);
    };
  }

  private static Ending stoppedAfterPreStart(int attempt) {
    return new Ending(
        new ProcessEnd.NotStarted(ProcessMachine.STOPPED_MEANWHILE),
        ProcessMachine.STOPPED_MEANWHILE,
        Duration.ZERO,
        attempt,
        Optional.of(StopReason.ASKED),
        false,
        true,
        false,
        true);
  }

  private interface InState {
    ProcessState with(Due due);
  }

  private static InState inPlaceOf(HookRunning running) {
    return due -> new HookRunning(due, running.run(), running.endBy(), running.killed());
  }

  /** What follows a postStop is from now on what an operator has asked for. */
  private static ProcessLife wanting(
      ProcessLife life, DesiredState desired, Due due, InState state) {
    return life.wanting(desired)
        .in(
            switch (due) {
              case Due.PreStart _ -> state.with(due);
              case Due.PostStop(Ending ending) -> state.with(new Due.PostStop(ending.asked()));
            });
  }

  private static Step notStarted(ProcessLife life) {
    return Step.of(life, new ReportNotStarted(ProcessMachine.STOPPED_MEANWHILE));
  }
}
