package io.easyagent.sidecar.supervise;

import io.easyagent.sidecar.agent.AgentId;
import io.easyagent.sidecar.agent.DesiredState;
import io.easyagent.sidecar.agent.ObservedAgent;
import io.easyagent.sidecar.log.KeptOutput;
import io.easyagent.sidecar.process.Phase;
import io.easyagent.sidecar.process.Probing;
import io.easyagent.sidecar.process.ProcessAction;
import io.easyagent.sidecar.process.ProcessEvent;
import io.easyagent.sidecar.process.ProcessLife;
import io.easyagent.sidecar.process.ProcessMachine;
import io.easyagent.sidecar.process.ProcessRules;
import io.easyagent.sidecar.process.ProcessState;
import io.easyagent.sidecar.process.ProcessState.Due;
import io.easyagent.sidecar.process.Step;
import io.easyagent.sidecar.supervise.Supervision.Listener;
import io.easyagent.sidecar.supervise.Supervision.StartResult;
import io.easyagent.sidecar.supervise.Supervision.StopResult;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;
import java.util.stream.Stream;

/**
 * One agent: a mailbox around the pure machine. Feeds it events, carries out its actions through
 * {@link AgentProcess}, keeps its one timer and its probing, and tells those who wait or listen.
 */
final class SupervisedAgent {
  /** What was killed of an agent that runs on is told within twice this. */
  private static final Duration LOOK_FOR_KILLS = Duration.ofSeconds(5);

  private final AgentId id;
  private final KeeperHost host;
  private final DoubleSupplier random;
  private final Listener listener;
  private final Mailbox mailbox;
  private final AgentProcess process;
  private final Prober prober;
  private final KeptOutput output;
  private final Repeated kills;
  private final ScheduledRuns runs;
  private final RunClock clock;

  private final Deque<ProcessEvent> events = new ArrayDeque<>();
  private final List<CompletableFuture<StartResult>> starts = new ArrayList<>();
  private final List<CompletableFuture<StopResult>> stops = new ArrayList<>();
  private final CompletableFuture<Void> settled = new CompletableFuture<>();
  private final List<Runnable> completions = new ArrayList<>();
  private LaunchPlan plan;
  private ProcessLife life;
  private Optional<Timer> timer = Optional.empty();
  private Optional<ProcessEvent> untilTurn = Optional.empty();
  private boolean handling;
  private boolean closed;
  private volatile View view;

  private record Timer(Duration deadline, Future<?> future) {}

  /** What observers see: replaced as a whole. */
  private record View(
      ProcessLife life,
      ProcessRules rules,
      Instant since,
      List<String> conditions,
      Optional<Instant> nextRun) {}

  SupervisedAgent(
      AgentId id,
      LaunchPlan plan,
      DesiredState desired,
      KeeperHost host,
      DoubleSupplier random,
      Listener listener) {
    this.id = id;
    this.plan = plan;
    this.life = ProcessLife.unknown(desired);
    this.host = host;
    this.random = random;
    this.listener = listener;
    this.mailbox = new Mailbox("agent-" + id);
    this.process =
        new AgentProcess(
            id,
            host,
            mailbox,
            (seen, ended) -> mailbox.post(() -> exitSeen(seen, ended)),
            message -> listener.happened(id, "out-of-memory", message));
    this.kills =
        new Repeated(host.scheduler(), LOOK_FOR_KILLS, () -> mailbox.post(this::lookForKills));
    this.prober = new Prober(id, host, mailbox, process.cgroup(), this::handle);
    this.runs = new ScheduledRuns(id, host.runFolder(), host.clock());
    this.runs.keepTo(plan.definition().schedule());
    this.clock =
        new RunClock(
            runs,
            host.scheduler(),
            mailbox,
            this::lookAtClock,
            (kind, message) -> listener.happened(id, kind, message));
    this.view = new View(life, rules(), host.clock().instant(), List.of(), Optional.empty());
    this.output =
        host.logs()
            .keep(
                plan.logFolder(),
                plan.definition().name(),
                plan.definition().logs(),
                new CgroupPause(process.cgroup(), host.nanoTime()),
                () -> mailbox.post(this::publishUnlessClosed));
  }

  /** Where nothing is found and the agent is to run, what follows waits for the turn. */
  CompletionStage<ObservedAgent> find(CompletionStage<Void> turn) {
    output.begin();
    CompletableFuture<ObservedAgent> found = new CompletableFuture<>();
    mailbox.post(() -> {
      try {
        life = runs.recall(life);
        ProcessEvent event = process.find();
        if (event instanceof ProcessEvent.FoundNothing
            && life.desired() == DesiredState.RUNNING
            && !turn.toCompletableFuture().isDone()) {
          untilTurn = Optional.of(event);
          var unused = turn.thenRun(() -> mailbox.post(this::waitNoLonger));
        } else {
          handle(event);
        }
      } finally {
        found.complete(observe());
      }
    });
    return found;
  }

  /** The turn has come, or the agent is not to run any more. */
  private void waitNoLonger() {
    Optional<ProcessEvent> waited = untilTurn;
    untilTurn = Optional.empty();
    waited.ifPresent(this::handle);
  }

  CompletionStage<Void> settled() {
    return settled;
  }

  private boolean isSettled() {
    return switch (life.state()) {
      case ProcessState.Finding(), ProcessState.Launching(int _, boolean _) -> false;
      case ProcessState.HookLaunching(var due) -> isAfterAStart(due);
      case ProcessState.HookRunning(var due, var _, var _, boolean _) -> isAfterAStart(due);
      case ProcessState.HookClearing(var due, var _, var _) -> isAfterAStart(due);
      case ProcessState.Starting(var _, var _, var _) -> rules().ready().isEmpty();
      case ProcessState.Stopped(),
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

  private static boolean isAfterAStart(ProcessState.Due due) {
    return due.phase() == Phase.POST_STOP;
  }

  void plan(LaunchPlan changed) {
    mailbox.post(() -> {
      process.standBy(false, changed);
      plan = changed;
      output.rule(changed.definition().logs());
      process.alsoHide(changed.redaction());
      runs.keepTo(changed.definition().schedule());
      runs.follow(life);
      clock.cancel();
      publish();
    });
  }

  CompletionStage<StartResult> start() {
    CompletableFuture<StartResult> result = new CompletableFuture<>();
    mailbox.post(() -> {
      starts.add(result);
      handle(new ProcessEvent.StartWanted());
    });
    return result;
  }

  CompletionStage<StopResult> stop() {
    CompletableFuture<StopResult> result = new CompletableFuture<>();
    mailbox.post(() -> {
      stops.add(result);
      handle(new ProcessEvent.StopWanted());
      waitNoLonger();
    });
    return result;
  }

  /** Completes when what was posted before is done. */
  CompletableFuture<Void> answer() {
    CompletableFuture<Void> answered = new CompletableFuture<>();
    mailbox.post(() -> answered.complete(null));
    return answered;
  }

  void signal(int number) {
    mailbox.post(() -> {
      if (life.state().pid().isPresent()) {
        process.signalMain(number);
      }
    });
  }

  /** Returns when its log is not touched any more. */
  void leaveOutput() {
    output.close();
  }

  /** No event is handled any more; with {@code forget} nothing of the launch is kept either. */
  void close(boolean forget) {
    mailbox.post(() -> {
      closed = true;
      cancelTimer();
      kills.follow(false);
      process.standBy(false, plan);
      clock.cancel();
      prober.stop();
      if (forget) {
        process.dropRecord();
        runs.forget();
      }
    });
  }

  ObservedAgent observe() {
    return observed(view);
  }

  /** Looked for now, on the caller's thread; empty without a cgroup. */
  Set<Integer> processes() {
    return process.processes();
  }

  private ObservedAgent observed(View seen) {
    Optional<Duration> nextStartIn =
        seen.life().state() instanceof ProcessState.BackingOff backingOff
            ? Optional.of(atLeastZero(backingOff.until().minus(now())))
            : Optional.empty();
    return new ObservedAgent(
        seen.life().observedState(),
        health(seen),
        seen.since(),
        seen.life().restarts(),
        seen.life().shownCause(),
        seen.life().state().pid(),
        nextStartIn,
        seen.conditions(),
        seen.nextRun());
  }

  private static ObservedAgent.Health health(View seen) {
    if (seen.rules().health().isEmpty()) {
      return ObservedAgent.Health.NONE;
    }
    return seen.life().state() instanceof ProcessState.Running running
        ? running.health()
        : ObservedAgent.Health.UNKNOWN;
  }

  private static Duration atLeastZero(Duration duration) {
    return duration.isNegative() ? Duration.ZERO : duration;
  }

  private ProcessRules rules() {
    return ProcessRules.of(plan.definition());
  }

  private Duration now() {
    return Duration.ofNanos(host.nanoTime().getAsLong());
  }

  private void exitSeen(LaunchedProcess seen, AgentProcess.Ended ended) {
    if (!closed && process.isCurrent(seen)) {
      // A probe under way is part of the tree and would look like something left behind.
      prober.stop();
      handle(ended.read());
    }
  }

  /** Events that actions lead to are handled before others, so that nobody sees what is between. */
  private void handle(ProcessEvent event) {
    if (closed) {
      return;
    }
    events.add(event);
    if (handling) {
      return;
    }
    handling = true;
    try {
      for (ProcessEvent next = events.poll(); next != null; next = events.poll()) {
        Step step = new ProcessMachine(rules(), random).step(life, next, now());
        life = step.life();
        runs.follow(life);
        step.actions().forEach(this::perform);
      }
    } finally {
      handling = false;
    }
    publish();
  }

  private void perform(ProcessAction action) {
    switch (action) {
      case ProcessAction.Launch() -> launch();
      case ProcessAction.LaunchHook(var due) -> launchHook(due);
      case ProcessAction.SendStopSignal(int _) ->
          process.sendStopSignal(plan.definition().stop().signal());
      case ProcessAction.KillTree() -> process.killTree();
      case ProcessAction.ClearTree() -> events.add(process.clearTree());
      case ProcessAction.Hold(String cause) -> process.hold(cause);
      case ProcessAction.DropRecord() -> process.dropRecord();
      case ProcessAction.ReportStarted(int pid) -> started(new StartResult.Started(pid));
      case ProcessAction.ReportScheduled() -> started(new StartResult.Scheduled());
      case ProcessAction.ReportAlreadyRunning(int pid) ->
          started(new StartResult.AlreadyRunning(pid));
      case ProcessAction.ReportNotStarted(String cause) ->
          started(new StartResult.DidNotStart(cause));
      case ProcessAction.ReportStopped(boolean killed) -> stopped(new StopResult.Stopped(killed));
      case ProcessAction.ReportAlreadyStopped() -> stopped(new StopResult.AlreadyStopped());
      case ProcessAction.ReportNotStopped(String cause) ->
          stopped(new StopResult.DidNotStop(cause));
      case ProcessAction.Announce(var kind, String message) ->
          listener.happened(id, kind.word(), message);
      case ProcessAction.AnnounceEnd(ProcessAction.Announce(var kind, String message)) ->
          announceEnd(kind, message);
    }
  }

  /** Each end is told once, also where several lives of the sidecar find it. */
  private void announceEnd(ProcessAction.Kind kind, String message) {
    process
        .findUntold()
        .ifPresent(launch ->
            listener.happened(
                id, kind.word(), message, () -> mailbox.post(() -> process.endIsTold(launch))));
  }

  private void launch() {
    if (!isDecided()) {
      return;
    }
    output.beforeLaunch();
    events.add(process.launch(plan));
  }

  private void launchHook(Due due) {
    if (due.phase() == Phase.PRE_START) {
      if (!isDecided()) {
        return;
      }
      output.beforeLaunch();
    }
    events.add(process.launchHook(plan, due));
  }

  /** A run begins only once it is on disk that it does. */
  private boolean isDecided() {
    Optional<String> unwritten = runs.isOn(life) ? runs.unwritten() : Optional.empty();
    unwritten.ifPresent(reason -> events.add(new ProcessEvent.LaunchFailed(reason)));
    return unwritten.isEmpty();
  }

  private void started(StartResult result) {
    for (CompletableFuture<StartResult> start : starts) {
      completions.add(() -> start.complete(result));
    }
    starts.clear();
  }

  private void stopped(StopResult result) {
    for (CompletableFuture<StopResult> stop : stops) {
      completions.add(() -> stop.complete(result));
    }
    stops.clear();
  }

  private void lookForKills() {
    if (!closed && life.state().pid().isPresent() && process.lookForKills()) {
      publish();
    }
  }

  private void publishUnlessClosed() {
    if (!closed) {
      publish();
    }
  }

  private List<String> conditions() {
    return Stream.of(process.conditions(), output.conditions(), runs.unwritten().stream().toList())
        .flatMap(List::stream)
        .toList();
  }

  private void publish() {
    ObservedAgent before = observed(view);
    Instant since =
        before.state() == life.observedState() && before.pid().equals(life.state().pid())
            ? view.since()
            : host.clock().instant();
    Optional<Instant> nextRun =
        life.state() instanceof ProcessState.Waiting ? runs.nextBegin() : Optional.empty();
    view = new View(life, rules(), since, conditions(), nextRun);
    followDeadline();
    kills.follow(life.state().pid().isPresent());
    process.standBy(rules().isStartedAgain() && life.state() instanceof ProcessState.Running, plan);
    clock.follow(life);
    prober.follow(Probing.of(life.state(), rules()), plan, process.launchRecord());
    ObservedAgent after = observed(view);
    if (!isSame(before, after)) {
      listener.changed(id, after);
    }
    if (isSettled()) {
      settled.complete(null);
    }
    List<Runnable> due = List.copyOf(completions);
    completions.clear();
    due.forEach(Runnable::run);
  }

  /** The time until the next start runs down by itself: that is no change. */
  private static boolean isSame(ObservedAgent before, ObservedAgent after) {
    return before.state() == after.state()
        && before.health() == after.health()
        && before.since().equals(after.since())
        && before.restarts() == after.restarts()
        && before.cause().equals(after.cause())
        && before.pid().equals(after.pid())
        && before.conditions().equals(after.conditions())
        && before.nextRun().equals(after.nextRun());
  }

  private void lookAtClock() {
    if (closed) {
      return;
    }
    clock
        .findDue(life, plan.definition().schedule())
        .ifPresentOrElse(due -> handle(new ProcessEvent.RunDue(due)), this::publish);
  }

  private void followDeadline() {
    Optional<Duration> deadline = life.state().deadline();
    if (deadline.equals(timer.map(Timer::deadline))) {
      return;
    }
    cancelTimer();
    deadline.ifPresent(due -> {
      Future<?> future =
          host.scheduler()
              .schedule(
                  () -> mailbox.post(() -> deadlinePassed(due)),
                  due.minus(now()).toNanos(),
                  TimeUnit.NANOSECONDS);
      timer = Optional.of(new Timer(due, future));
    });
  }

  private void deadlinePassed(Duration due) {
    if (timer.filter(current -> current.deadline().equals(due)).isPresent()) {
      timer = Optional.empty();
      handle(new ProcessEvent.DeadlinePassed());
    }
  }

  private void cancelTimer() {
    timer.ifPresent(current -> current.future().cancel(false));
    timer = Optional.empty();
  }
}
