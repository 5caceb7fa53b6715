package io.easyagent.sidecar.process;

import io.easyagent.sidecar.agent.AgentType;
import io.easyagent.sidecar.agent.DesiredState;
import io.easyagent.sidecar.agent.HealthCheck;
import io.easyagent.sidecar.agent.ObservedAgent.Health;
import io.easyagent.sidecar.agent.Readiness;
import io.easyagent.sidecar.process.ProcessAction.Announce;
import io.easyagent.sidecar.process.ProcessAction.DropRecord;
import io.easyagent.sidecar.process.ProcessAction.Hold;
import io.easyagent.sidecar.process.ProcessAction.KillTree;
import io.easyagent.sidecar.process.ProcessAction.Kind;
import io.easyagent.sidecar.process.ProcessAction.ReportAlreadyRunning;
import io.easyagent.sidecar.process.ProcessAction.ReportAlreadyStopped;
import io.easyagent.sidecar.process.ProcessAction.ReportNotStarted;
import io.easyagent.sidecar.process.ProcessAction.ReportNotStopped;
import io.easyagent.sidecar.process.ProcessAction.ReportScheduled;
import io.easyagent.sidecar.process.ProcessAction.ReportStarted;
import io.easyagent.sidecar.process.ProcessAction.ReportStopped;
import io.easyagent.sidecar.process.ProcessAction.SendStopSignal;
import io.easyagent.sidecar.process.ProcessEvent.DeadlinePassed;
import io.easyagent.sidecar.process.ProcessEvent.Found;
import io.easyagent.sidecar.process.ProcessEvent.FoundEnded;
import io.easyagent.sidecar.process.ProcessEvent.FoundHeld;
import io.easyagent.sidecar.process.ProcessEvent.FoundHook;
import io.easyagent.sidecar.process.ProcessEvent.FoundHookEnded;
import io.easyagent.sidecar.process.ProcessEvent.FoundNothing;
import io.easyagent.sidecar.process.ProcessEvent.FoundRunning;
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
import io.easyagent.sidecar.process.ProcessState.BackingOff;
import io.easyagent.sidecar.process.ProcessState.Clearing;
import io.easyagent.sidecar.process.ProcessState.Ended;
import io.easyagent.sidecar.process.ProcessState.Finding;
import io.easyagent.sidecar.process.ProcessState.HookClearing;
import io.easyagent.sidecar.process.ProcessState.HookLaunching;
import io.easyagent.sidecar.process.ProcessState.HookRunning;
import io.easyagent.sidecar.process.ProcessState.Killing;
import io.easyagent.sidecar.process.ProcessState.Launching;
import io.easyagent.sidecar.process.ProcessState.Run;
import io.easyagent.sidecar.process.ProcessState.Running;
import io.easyagent.sidecar.process.ProcessState.Starting;
import io.easyagent.sidecar.process.ProcessState.StopReason;
import io.easyagent.sidecar.process.ProcessState.Stopped;
import io.easyagent.sidecar.process.ProcessState.Stopping;
import io.easyagent.sidecar.process.ProcessState.Waiting;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.DoubleSupplier;

/**
 * The life of an agent's process, a pure function: every state meets every event in one explicit
 * branch. Pure but for the injected randomness of the back-off. What follows an end is in {@link
 * Aftermath}, what runs around the process in {@link HookMachine}.
 */
public final class ProcessMachine {
  /** A tree that was killed and is still there is killed again this much later. */
  static final Duration KILL_AGAIN = Duration.ofSeconds(5);

  private final ProcessRules rules;
  private final Aftermath aftermath;
  private final Starts starts;
  private final RunTurns runs;
  private final HookMachine hooks;

  /**
   * @param random from 0 (inclusive) to 1 (exclusive), for the jitter of the back-off
   */
  public ProcessMachine(ProcessRules rules, DoubleSupplier random) {
    this.rules = rules;
    this.starts = new Starts(rules);
    this.runs = new RunTurns(rules, starts);
    this.aftermath = new Aftermath(rules, new RestartPolicy(random), starts, runs);
    this.hooks = new HookMachine(rules, aftermath, runs);
  }

  /**
   * @param now monotonic, of the same origin as the times in the life's state
   */
  public Step step(ProcessLife life, ProcessEvent event, Duration now) {
    return switch (life.state()) {
      case Finding _ -> whenFinding(life, event, now);
      case Stopped _ -> whenStopped(life, event);
      case HookLaunching launching -> hooks.whenLaunching(life, launching, event, now);
      case HookRunning running -> hooks.whenRunning(life, running, event, now);
      case HookClearing clearing -> hooks.whenClearing(life, clearing, event, now);
      case Launching launching -> whenLaunching(life, launching, event, now);
      case Starting starting -> whenStarting(life, starting, event, now);
      case Running running -> whenRunning(life, running, event, now);
      case Stopping stopping -> whenStopping(life, stopping, event, now);
      case Killing killing -> whenKilling(life, killing, event, now);
      case Clearing clearing -> whenClearing(life, clearing, event, now);
      case BackingOff backingOff -> whenBackingOff(life, backingOff, event, now);
      case Ended _ -> whenEnded(life, event);
      case Waiting _ -> whenWaiting(life, event);
    };
  }

  private Step whenFinding(ProcessLife life, ProcessEvent event, Duration now) {
    return switch (event) {
      case StartWanted _ -> Step.of(life.wanting(DesiredState.RUNNING));
      case StopWanted _ -> stoppedMeanwhile(life);
      case FoundRunning(int pid, Duration upFor, Optional<String> held) ->
          adopt(life, pid, now.minus(upFor), held, now);
      case FoundEnded(ProcessEnd end) -> aftermath.foundEnded(life, end);
      case FoundHeld(ProcessEnd end, String cause, boolean postStopDue) ->
          aftermath.foundHeld(life, end, cause, postStopDue);
      case FoundHook found -> hooks.found(life, found, now);
      case FoundHookEnded found -> hooks.foundEnded(life, found);
      case FoundNothing _ ->
          life.desired() == DesiredState.RUNNING
              ? begin(life)
              : Step.of(life.in(new Stopped()), new DropRecord(), new ReportAlreadyStopped());
      case Launched _,
          LaunchFailed _,
          ProcessEnded _,
          ProbeSucceeded _,
          ProbeFailed _,
          DeadlinePassed _,
          TreeCleared _,
          TreeRemained _,
          RunDue _ ->
          ignored(life);
    };
  }

  private Step whenStopped(ProcessLife life, ProcessEvent event) {
    return switch (event) {
      case StartWanted _ -> begin(life.wanting(DesiredState.RUNNING));
      case StopWanted _ -> Step.of(life.wanting(DesiredState.STOPPED), new ReportAlreadyStopped());
      case Found _,
          Launched _,
          LaunchFailed _,
          ProcessEnded _,
          ProbeSucceeded _,
          ProbeFailed _,
          DeadlinePassed _,
          TreeCleared _,
          TreeRemained _,
          RunDue _ ->
          ignored(life);
    };
  }

  private Step whenLaunching(
      ProcessLife life, Launching launching, ProcessEvent event, Duration now) {
    return switch (event) {
      case StartWanted _ -> Step.of(life.wanting(DesiredState.RUNNING));
      case StopWanted _ -> stoppedMeanwhile(life);
      case Launched(int pid) -> launched(life, new Run(pid, now, launching.attempt()), now);
      case LaunchFailed(String cause) ->
          aftermath.launchFailed(life, launching.attempt(), launching.prepared(), cause, now);
      case RunDue(Instant due) -> runs.dueMeanwhile(life, due);
      case Found _,
          ProcessEnded _,
          ProbeSucceeded _,
          ProbeFailed _,
          DeadlinePassed _,
          TreeCleared _,
          TreeRemained _ ->
          ignored(life);
    };
  }

  private Step whenStarting(ProcessLife life, Starting starting, ProcessEvent event, Duration now) {
    return switch (event) {
      case StartWanted _ -> Step.of(life.wanting(DesiredState.RUNNING));
      case StopWanted _ -> askedToStop(life, starting.run(), now);
      case ProcessEnded ended -> aftermath.ended(life, starting.run(), ended, false, now);
      case ProbeSucceeded _ -> settled(life, starting.run());
      case ProbeFailed(String reason) ->
          Step.of(life.in(new Starting(starting.run(), starting.settledBy(), reason)));
      case DeadlinePassed _ -> {
        if (now.compareTo(starting.settledBy()) < 0) {
          yield ignored(life);
        }
        yield rules
            .ready()
            .filter(ready -> !(ready.sign() instanceof Readiness.Sign.StayedUp))
            .map(ready -> readyTimePassed(life, starting, ready, now))
            .orElseGet(() -> settled(life, starting.run()));
      }
      case RunDue(Instant due) -> runs.dueWhile(life, starting.run(), due, now);
      case Found _, Launched _, LaunchFailed _, TreeCleared _, TreeRemained _ -> ignored(life);
    };
  }

  private Step whenRunning(ProcessLife life, Running running, ProcessEvent event, Duration now) {
    return switch (event) {
      case StartWanted _ ->
          Step.of(
              life.wanting(DesiredState.RUNNING), new ReportAlreadyRunning(running.run().pid()));
      case StopWanted _ -> askedToStop(life, running.run(), now);
      case ProcessEnded ended ->
          aftermath.ended(life, running.run(), ended, rules.type() == AgentType.SERVICE, now);
      case ProbeSucceeded _ -> probeSucceeded(life, running);
      case ProbeFailed(String reason) -> probeFailed(life, running, reason, now);
      case RunDue(Instant due) -> runs.dueWhile(life, running.run(), due, now);
      case Found _, Launched _, LaunchFailed _, DeadlinePassed _, TreeCleared _, TreeRemained _ ->
          ignored(life);
    };
  }

  private Step whenStopping(ProcessLife life, Stopping stopping, ProcessEvent event, Duration now) {
    return switch (event) {
      case StartWanted _ -> asked(life, DesiredState.RUNNING, stopping);
      case StopWanted _ -> asked(life, DesiredState.STOPPED, stopping);
      case ProcessEnded ended ->
          aftermath.stopped(
              life, stopping.run(), ended, stopping.reason(), stopping.cause(), false, now);
      case DeadlinePassed _ ->
          now.compareTo(stopping.killAt()) < 0
              ? ignored(life)
              : Step.of(
                  life.in(
                      new Killing(
                          stopping.run(),
                          stopping.reason(),
                          stopping.cause(),
                          now.plus(KILL_AGAIN))),
                  new KillTree());
      case RunDue(Instant due) -> runs.dueMeanwhile(life, due);
      case Found _,
          Launched _,
          LaunchFailed _,
          ProbeSucceeded _,
          ProbeFailed _,
          TreeCleared _,
          TreeRemained _ ->
          ignored(life);
    };
  }

  private Step whenKilling(ProcessLife life, Killing killing, ProcessEvent event, Duration now) {
    return switch (event) {
      case StartWanted _ -> asked(life, DesiredState.RUNNING, killing);
      case StopWanted _ -> asked(life, DesiredState.STOPPED, killing);
      case ProcessEnded ended ->
          aftermath.stopped(
              life, killing.run(), ended, killing.reason(), killing.cause(), true, now);
      case DeadlinePassed _ -> {
        if (now.compareTo(killing.againAt()) < 0) {
          yield ignored(life);
        }
        String cause = "process " + killing.run().pid() + " is still there after SIGKILL";
        yield Step.of(
            life.because(cause)
                .in(
                    new Killing(
                        killing.run(), killing.reason(), killing.cause(), now.plus(KILL_AGAIN))),
            new KillTree(),
            new ReportNotStopped(cause));
      }
      case RunDue(Instant due) -> runs.dueMeanwhile(life, due);
      case Found _,
          Launched _,
          LaunchFailed _,
          ProbeSucceeded _,
          ProbeFailed _,
          TreeCleared _,
          TreeRemained _ ->
          ignored(life);
    };
  }

  private Step whenClearing(ProcessLife life, Clearing clearing, ProcessEvent event, Duration now) {
    return switch (event) {
      case StartWanted _ ->
          Step.of(
              life.wanting(DesiredState.RUNNING)
                  .in(new Clearing(clearing.ending().asked(), clearing.againAt())));
      case StopWanted _ -> {
        ProcessLife wanting = life.wanting(DesiredState.STOPPED);
        yield Step.of(
            wanting.in(new Clearing(clearing.ending().asked(), clearing.againAt())),
            new ReportNotStarted(STOPPED_MEANWHILE));
      }
      case TreeCleared _ -> aftermath.cleared(life, clearing.ending(), now);
      case TreeRemained(String cause) -> aftermath.remained(life, clearing.ending(), cause, now);
      case DeadlinePassed _ -> aftermath.clearAgain(life, clearing, now);
      case RunDue(Instant due) -> runs.dueMeanwhile(life, due);
      case Found _, Launched _, LaunchFailed _, ProcessEnded _, ProbeSucceeded _, ProbeFailed _ ->
          ignored(life);
    };
  }

  private Step whenBackingOff(
      ProcessLife life, BackingOff backingOff, ProcessEvent event, Duration now) {
    return switch (event) {
      case StartWanted _ -> begin(life.wanting(DesiredState.RUNNING));
      case StopWanted _ ->
          Step.of(
              life.wanting(DesiredState.STOPPED).because("").in(new Stopped()),
              new DropRecord(),
              new ReportStopped(false));
      case DeadlinePassed _ ->
          now.compareTo(backingOff.until()) < 0
              ? ignored(life)
              : starts.start(life.withRestarts(life.restarts() + 1), backingOff.attempt());
      case Found _,
          Launched _,
          LaunchFailed _,
          ProcessEnded _,
          ProbeSucceeded _,
          ProbeFailed _,
          TreeCleared _,
          TreeRemained _,
          RunDue _ ->
          ignored(life);
    };
  }

  private Step whenEnded(ProcessLife life, ProcessEvent event) {
    return switch (event) {
      case StartWanted _ -> begin(life.wanting(DesiredState.RUNNING));
      case StopWanted _ ->
          Step.of(
              life.wanting(DesiredState.STOPPED).because("").in(new Stopped()),
              new DropRecord(),
              new ReportAlreadyStopped());
      case Found _,
          Launched _,
          LaunchFailed _,
          ProcessEnded _,
          ProbeSucceeded _,
          ProbeFailed _,
          DeadlinePassed _,
          TreeCleared _,
          TreeRemained _,
          RunDue _ ->
          ignored(life);
    };
  }

  private Step whenWaiting(ProcessLife life, ProcessEvent event) {
    return switch (event) {
      case RunDue(Instant due) -> runs.launch(life, due);
      case StartWanted _ -> Step.of(life.wanting(DesiredState.RUNNING), new ReportScheduled());
      case StopWanted _ ->
          Step.of(
              life.wanting(DesiredState.STOPPED).withRuns(Runs.NONE).because("").in(new Stopped()),
              new DropRecord(),
              new ReportStopped(false));
      case Found _,
          Launched _,
          LaunchFailed _,
          ProcessEnded _,
          ProbeSucceeded _,
          ProbeFailed _,
          DeadlinePassed _,
          TreeCleared _,
          TreeRemained _ ->
          ignored(life);
    };
  }

  private static final String HELD = " (stopped; it stays so until it is started)";
  static final String STOPPED_MEANWHILE = "stopped before it had started";

  static Step ignored(ProcessLife life) {
    return Step.of(life);
  }

  /** A first launch; a scheduled agent waits for its time instead. */
  private Step begin(ProcessLife life) {
    ProcessLife fresh = life.withRestarts(0);
    return rules.type() == AgentType.SCHEDULED
        ? runs.begin(fresh)
        : starts.start(fresh.because(""), 0);
  }

  private static Step stoppedMeanwhile(ProcessLife life) {
    return Step.of(life.wanting(DesiredState.STOPPED), new ReportNotStarted(STOPPED_MEANWHILE));
  }

  private Step adopt(
      ProcessLife life, int pid, Duration launchedAt, Optional<String> held, Duration now) {
    Run run = new Run(pid, launchedAt, 0);
    if (life.desired() == DesiredState.STOPPED) {
      return stop(life, run, StopReason.ASKED, "", now);
    }
    if (held.isPresent()) {
      return stop(life.because(held.get()), run, StopReason.HELD, held.get(), now);
    }
    return Step.of(
        life.in(new Running(run, Health.UNKNOWN, 0)),
        new ReportAlreadyRunning(pid),
        new Announce(Kind.ADOPTED, "pid " + pid));
  }

  private Step launched(ProcessLife life, Run run, Duration now) {
    if (life.desired() == DesiredState.STOPPED) {
      return stop(life, run, StopReason.ASKED, "", now);
    }
    return switch (rules.type()) {
      case SERVICE -> {
        Duration settledBy =
            now.plus(rules.ready().map(Readiness::timeout).orElse(ProcessRules.STAYED_UP));
        yield Step.of(life.in(new Starting(run, settledBy, "")));
      }
      case ONESHOT, SCHEDULED ->
          runs.replacement(life, run, now)
              .orElseGet(() ->
                  Step.of(
                      life.because("").in(new Running(run, Health.UNKNOWN, 0)),
                      new Announce(Kind.STARTED, "pid " + run.pid())));
    };
  }

  private Step settled(ProcessLife life, Run run) {
    return Step.of(
        life.because("").in(new Running(run, Health.UNKNOWN, 0)),
        new ReportStarted(run.pid()),
        new Announce(Kind.STARTED, "pid " + run.pid()));
  }

  /** Who comes late has not looked for a sign meanwhile either: it is looked for once more. */
  private Step readyTimePassed(ProcessLife life, Starting starting, Readiness ready, Duration now) {
    return now.minus(starting.settledBy()).compareTo(ProcessRules.LATE) > 0
        ? Step.of(
            life.in(
                new Starting(
                    starting.run(),
                    now.plus(ProcessRules.READY_PROBE_TIMEOUT),
                    starting.lastFailure())))
        : notReady(life, starting, ready, now);
  }

  private Step notReady(ProcessLife life, Starting starting, Readiness ready, Duration now) {
    String cause =
        "not ready within "
            + Causes.duration(ready.timeout())
            + (starting.lastFailure().isEmpty() ? "" : ": " + starting.lastFailure());
    return stop(life.because(cause), starting.run(), StopReason.NOT_READY, cause, now);
  }

  /** What was unhealthy is healthy again only after as many successes in a row as failures. */
  private Step probeSucceeded(ProcessLife life, Running running) {
    int successes = running.against() + 1;
    if (running.health() != Health.UNHEALTHY) {
      return Step.of(life.because("").in(new Running(running.run(), Health.HEALTHY, 0)));
    }
    return successes < rules.health().map(HealthCheck::retries).orElse(1)
        ? Step.of(life.in(new Running(running.run(), Health.UNHEALTHY, successes)))
        : Step.of(
            life.because("").in(new Running(running.run(), Health.HEALTHY, 0)),
            new Announce(Kind.HEALTHY, "healthy again"));
  }

  private Step probeFailed(ProcessLife life, Running running, String reason, Duration now) {
    return rules
        .health()
        .filter(health -> now.compareTo(running.run().launchedAt().plus(health.startPeriod())) >= 0)
        .map(health -> probeFailed(life, running, health, reason, now))
        .orElseGet(() -> ignored(life));
  }

  private Step probeFailed(
      ProcessLife life, Running running, HealthCheck health, String reason, Duration now) {
    Run run = running.run();
    String cause = "unhealthy: " + reason;
    if (running.health() == Health.UNHEALTHY) {
      return Step.of(life.because(cause).in(new Running(run, Health.UNHEALTHY, 0)));
    }
    int failures = running.against() + 1;
    if (failures < health.retries()) {
      return Step.of(life.in(new Running(run, running.health(), failures)));
    }
    Step unhealthy =
        switch (health.onFailure()) {
          case REPORT -> Step.of(life.because(cause).in(new Running(run, Health.UNHEALTHY, 0)));
          case RESTART -> stop(life.because(cause), run, StopReason.UNHEALTHY, cause, now);
          case STOP -> {
            String held = cause + HELD;
            yield stop(life.because(held), run, StopReason.HELD, held, now).before(new Hold(held));
          }
        };
    return unhealthy.before(new Announce(Kind.UNHEALTHY, reason));
  }

  private Step askedToStop(ProcessLife life, Run run, Duration now) {
    ProcessLife wanting = life.wanting(DesiredState.STOPPED).because("");
    return stop(wanting, run, StopReason.ASKED, "", now)
        .before(new ReportNotStarted(STOPPED_MEANWHILE));
  }

  private Step stop(ProcessLife life, Run run, StopReason reason, String cause, Duration now) {
    return Step.of(
        life.in(new Stopping(run, reason, cause, now.plus(rules.stop().grace()))),
        new SendStopSignal(run.pid()));
  }

  /** What was begun for another reason goes on as what an operator asked for. */
  private Step asked(ProcessLife life, DesiredState desired, Stopping stopping) {
    return Step.of(
        life.wanting(desired)
            .in(new Stopping(stopping.run(), StopReason.ASKED, "", stopping.killAt())));
  }

  private Step asked(ProcessLife life, DesiredState desired, Killing killing) {
    return Step.of(
        life.wanting(desired)
            .in(new Killing(killing.run(), StopReason.ASKED, "", killing.againAt())));
  }
}
