package io.easyagent.simulator.host;

import io.easyagent.sidecar.agent.AgentId;
import io.easyagent.sidecar.agent.AgentType;
import io.easyagent.sidecar.agent.DesiredState;
import io.easyagent.sidecar.agent.ObservedAgent;
import io.easyagent.sidecar.process.ProcessAction;
import io.easyagent.sidecar.process.ProcessEnd;
import io.easyagent.sidecar.process.ProcessEvent;
import io.easyagent.sidecar.process.ProcessLife;
import io.easyagent.sidecar.process.ProcessMachine;
import io.easyagent.sidecar.process.ProcessRules;
import io.easyagent.sidecar.process.ProcessState;
import io.easyagent.sidecar.process.Signals;
import io.easyagent.sidecar.supervise.LaunchPlan;
import io.easyagent.sidecar.supervise.Supervision;
import io.easyagent.sidecar.supervise.Supervision.StartResult;
import io.easyagent.sidecar.supervise.Supervision.StopResult;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * One agent whose process is not there: the sidecar's own state machine, whose actions always
 * succeed at once. Nothing blocks. Thread-safe; what it tells others is told outside of its lock.
 */
final class SimulatedAgent {
  private static final int FIRST_PID = 1_000;

  private final AgentId id;
  private final SharedParts shared;
  private final Clock clock;
  private final Supervision.Listener listener;
  private final CompletableFuture<Void> settled = new CompletableFuture<>();
  private final List<CompletableFuture<StartResult>> starts = new ArrayList<>();
  private final List<CompletableFuture<StopResult>> stops = new ArrayList<>();
  private final Deque<Runnable> untold = new ArrayDeque<>();
  private boolean telling;
  private ProcessRules rules;
  private ProcessLife life;
  private Instant since;
  private int lastPid = FIRST_PID;
  private Optional<Duration> awaited = Optional.empty();
  private Optional<Future<?>> timer = Optional.empty();
  private boolean closed;

  SimulatedAgent(
      AgentId id,
      LaunchPlan plan,
      DesiredState desired,
      SharedParts shared,
      Clock clock,
      Supervision.Listener listener) {
    this.id = id;
    this.shared = shared;
    this.clock = clock;
    this.listener = listener;
    this.rules = ProcessRules.of(plan.definition());
    this.life = ProcessLife.unknown(desired);
    this.since = clock.instant();
  }

  CompletionStage<Void> settled() {
    return settled;
  }

  synchronized void plan(LaunchPlan plan) {
    rules = ProcessRules.of(plan.definition());
  }

  /** No process outlives the simulator: what is to run is started. */
  void find() {
    handle(new ProcessEvent.FoundNothing());
  }

  CompletionStage<StartResult> start() {
    CompletableFuture<StartResult> result = new CompletableFuture<>();
    synchronized (this) {
      starts.add(result);
    }
    handle(new ProcessEvent.StartWanted());
    return result;
  }

  CompletionStage<StopResult> stop() {
    CompletableFuture<StopResult> result = new CompletableFuture<>();
    synchronized (this) {
      stops.add(result);
    }
    handle(new ProcessEvent.StopWanted());
    return result;
  }

  /** Its process ends by itself; nothing when there is none. */
  void crash() {
    boolean runs;
    synchronized (this) {
      runs = life.state().pid().isPresent();
    }
    if (runs) {
      handle(new ProcessEvent.ProcessEnded(new ProcessEnd.Exited(1), "simulated crash", 0));
    }
  }

  synchronized void close() {
    closed = true;
    cancelTimer();
  }

  synchronized ObservedAgent observe() {
    Optional<Duration> nextStartIn =
        life.state() instanceof ProcessState.BackingOff backingOff
            ? Optional.of(atLeastZero(backingOff.until().minus(now())))
            : Optional.empty();
    return new ObservedAgent(
        life.observedState(),
        ObservedAgent.Health.NONE,
        since,
        life.restarts(),
        life.shownCause(),
        life.state().pid(),
        nextStartIn,
        List.of());
  }

  private void handle(ProcessEvent event) {
    synchronized (this) {
      if (closed) {
        return;
      }
      ObservedAgent before = observe();
      List<Runnable> answers = new ArrayList<>();
      Deque<ProcessEvent> events = new ArrayDeque<>(List.of(event));
      for (ProcessEvent next = events.poll(); next != null; next = events.poll()) {
        var step = new ProcessMachine(rules, shared.random()).step(life, next, now());
        life = step.life();
        step.actions().forEach(action -> perform(action, events, answers));
      }
      OptionalInt pid = life.state().pid();
      if (before.state() != life.observedState() || !before.pid().equals(pid)) {
        since = clock.instant();
      }
      ObservedAgent after = observe();
      if (!isSame(before, after)) {
        untold.add(() -> listener.changed(id, after));
      }
      followDeadline();
      if (isSettled()) {
        untold.add(() -> settled.complete(null));
      }
      untold.addAll(answers);
    }
    tell();
  }

  /** In the order of what happened, whichever threads it happened on: one of them tells. */
  private void tell() {
    synchronized (this) {
      if (telling) {
        return;
      }
      telling = true;
    }
    while (true) {
      Runnable next;
      synchronized (this) {
        next = untold.poll();
        if (next == null) {
          telling = false;
          return;
        }
      }
      next.run();
    }
  }

  private void perform(ProcessAction action, Deque<ProcessEvent> events, List<Runnable> answers) {
    switch (action) {
      case ProcessAction.Launch() -> {
        lastPid++;
        events.add(new ProcessEvent.Launched(lastPid));
        if (rules.type() == AgentType.ONESHOT) {
          events.add(new ProcessEvent.ProcessEnded(new ProcessEnd.Exited(0), "", 0));
        }
      }
      case ProcessAction.LaunchHook _ -> {
        lastPid++;
        events.add(new ProcessEvent.Launched(lastPid));
        events.add(new ProcessEvent.ProcessEnded(new ProcessEnd.Exited(0), "", 0));
      }
      case ProcessAction.SendStopSignal(int _) ->
          events.add(new ProcessEvent.ProcessEnded(new ProcessEnd.Signalled(Signals.TERM), "", 0));
      case ProcessAction.KillTree() ->
          events.add(new ProcessEvent.ProcessEnded(new ProcessEnd.Signalled(Signals.KILL), "", 0));
      case ProcessAction.ClearTree() -> events.add(new ProcessEvent.TreeCleared());
      case ProcessAction.Hold _, ProcessAction.DropRecord _ -> {
        // There is no record of a process that is not there.
      }
      case ProcessAction.ReportStarted(int pid) -> started(new StartResult.Started(pid), answers);
      // Of a schedule nothing is ever due here.
      case ProcessAction.ReportScheduled() -> started(new StartResult.Scheduled(), answers);
      case ProcessAction.ReportAlreadyRunning(int pid) ->
          started(new StartResult.AlreadyRunning(pid), answers);
      case ProcessAction.ReportNotStarted(String cause) ->
          started(new StartResult.DidNotStart(cause), answers);
      case ProcessAction.ReportStopped(boolean killed) ->
          stopped(new StopResult.Stopped(killed), answers);
      case ProcessAction.ReportAlreadyStopped() ->
          stopped(new StopResult.AlreadyStopped(), answers);
      case ProcessAction.ReportNotStopped(String cause) ->
          stopped(new StopResult.DidNotStop(cause), answers);
      case ProcessAction.Announce(var kind, String message) ->
          untold.add(() -> listener.happened(id, kind.word(), message));
      // An agent that is not there has one life only.
      case ProcessAction.AnnounceEnd(ProcessAction.Announce(var kind, String message)) ->
          untold.add(() -> listener.happened(id, kind.word(), message));
    }
  }

  private void started(StartResult result, List<Runnable> answers) {
    for (CompletableFuture<StartResult> start : starts) {
      answers.add(() -> start.complete(result));
    }
    starts.clear();
  }

  private void stopped(StopResult result, List<Runnable> answers) {
    for (CompletableFuture<StopResult> stop : stops) {
      answers.add(() -> stop.complete(result));
    }
    stops.clear();
  }

  private boolean isSettled() {
    return switch (life.state()) {
      case ProcessState.Finding(),
          ProcessState.Launching(int _, boolean _),
          ProcessState.HookLaunching _,
          ProcessState.HookRunning _,
          ProcessState.HookClearing _ ->
          false;
      case ProcessState.Starting(var _, var _, var _),
          ProcessState.Stopped(),
          ProcessState.Waiting(),
          ProcessState.Running(var _, var _, int _),
          ProcessState.Stopping(var _, var _, var _, var _),
          ProcessState.Killing(var _, var _, var _, var _),
          ProcessState.Clearing(var _, var _),
          ProcessState.BackingOff(var _, int _),
          ProcessState.Ended(var _) ->
          true;
    };
  }

  private static boolean isSame(ObservedAgent before, ObservedAgent after) {
    return before.state() == after.state()
        && before.since().equals(after.since())
        && before.restarts() == after.restarts()
        && before.cause().equals(after.cause())
        && before.pid().equals(after.pid());
  }

  private void followDeadline() {
    Optional<Duration> deadline = life.state().deadline();
    if (deadline.equals(awaited)) {
      return;
    }
    cancelTimer();
    awaited = deadline;
    timer =
        deadline.map(due ->
            shared
                .timer()
                .schedule(
                    () -> deadlinePassed(due),
                    Math.max(0, due.minus(now()).toNanos()),
                    TimeUnit.NANOSECONDS));
  }

  private void deadlinePassed(Duration due) {
    synchronized (this) {
      if (awaited.filter(due::equals).isEmpty()) {
        return;
      }
      awaited = Optional.empty();
      timer = Optional.empty();
    }
    handle(new ProcessEvent.DeadlinePassed());
  }

  private void cancelTimer() {
    timer.ifPresent(current -> current.cancel(false));
    timer = Optional.empty();
    awaited = Optional.empty();
  }

  private Duration now() {
    return Duration.ofNanos(shared.nanos().getAsLong());
  }

  private static Duration atLeastZero(Duration duration) {
    return duration.isNegative() ? Duration.ZERO : duration;
  }
}
