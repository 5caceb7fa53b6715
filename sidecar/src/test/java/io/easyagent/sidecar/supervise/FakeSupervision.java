package io.easyagent.sidecar.supervise;

import io.easyagent.sidecar.agent.AgentId;
import io.easyagent.sidecar.agent.DesiredState;
import io.easyagent.sidecar.agent.ObservedAgent;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * A supervision without processes. Everything succeeds at once unless a result was scripted or the
 * agent is held; every call is kept. Calls for an agent that was never supervised fail. What is to
 * run is started without a turn until the host was booted.
 */
public final class FakeSupervision implements Supervision {

  /** What was called, in order. */
  public sealed interface Call {
    AgentId agent();

    record Supervised(AgentId agent, LaunchPlan plan, DesiredState desired) implements Call {}

    record Planned(AgentId agent, LaunchPlan plan) implements Call {}

    record Started(AgentId agent) implements Call {}

    record Stopped(AgentId agent) implements Call {}

    record Signalled(AgentId agent, String signal) implements Call {}

    record Forgotten(AgentId agent) implements Call {}
  }

  private static final class Supervised {
    private final Deque<StartResult> starts = new ArrayDeque<>();
    private final Deque<StopResult> stops = new ArrayDeque<>();
    private final Deque<CompletableFuture<StartResult>> heldStarts = new ArrayDeque<>();
    private final Deque<CompletableFuture<StopResult>> heldStops = new ArrayDeque<>();
    private Optional<LaunchPlan> plan = Optional.empty();
    private OptionalInt pid = OptionalInt.empty();
    private String cause = "";
    private CompletableFuture<Void> settled = CompletableFuture.completedFuture(null);
    private Optional<CompletableFuture<StartResult>> untilTurn = Optional.empty();
    private boolean held;
  }

  private final List<Call> calls = new ArrayList<>();
  private final List<AgentId> turns = new ArrayList<>();
  private final Map<AgentId, Supervised> scripted = new LinkedHashMap<>();
  private final Map<AgentId, Supervised> agents = new LinkedHashMap<>();
  private int lastPid = 1000;
  private boolean booted;

  /** The result of the agent's next start that has none scripted yet. */
  public synchronized void scriptStart(AgentId agent, StartResult result) {
    script(agent).starts.add(result);
  }

  /** The result of the agent's next stop that has none scripted yet. */
  public synchronized void scriptStop(AgentId agent, StopResult result) {
    script(agent).stops.add(result);
  }

  /** From now on the agent's starts and stops wait for {@link #release}. */
  public synchronized void hold(AgentId agent) {
    script(agent).held = true;
  }

  /** Completes what is held of the agent and holds no more. */
  public void release(AgentId agent) {
    List<Runnable> completions = new ArrayList<>();
    synchronized (this) {
      Supervised supervised = script(agent);
      supervised.held = false;
      for (CompletableFuture<StartResult> start : supervised.heldStarts) {
        StartResult result = started(supervised);
        completions.add(() -> start.complete(result));
      }
      supervised.heldStarts.clear();
      for (CompletableFuture<StopResult> stop : supervised.heldStops) {
        StopResult result = stopped(supervised);
        completions.add(() -> stop.complete(result));
      }
      supervised.heldStops.clear();
    }
    completions.forEach(Runnable::run);
  }

  public synchronized List<Call> calls() {
    return List.copyOf(calls);
  }

  /** The plan of the agent's next launch. */
  public synchronized Optional<LaunchPlan> findPlan(AgentId agent) {
    return Optional.ofNullable(agents.get(agent)).flatMap(supervised -> supervised.plan);
  }

  public synchronized boolean isSupervised(AgentId agent) {
    return agents.containsKey(agent);
  }

  /** Nothing runs and nothing is supervised; from now on, what is to run waits for its turn. */
  public synchronized void boot() {
    agents.clear();
    scripted.values().forEach(supervised -> supervised.pid = OptionalInt.empty());
    booted = true;
  }

  /** A process of an agent that is not supervised now, to be found when it is. */
  public synchronized void leaveBehind(AgentId agent) {
    if (agents.containsKey(agent)) {
      throw new IllegalStateException("agent: " + agent + " (expected: not supervised)");
    }
    script(agent).pid = OptionalInt.of(++lastPid);
  }

  /** The agent's process is gone, as after a crash that is not restarted. */
  public synchronized void end(AgentId agent, String cause) {
    Supervised supervised = require(agent);
    supervised.pid = OptionalInt.empty();
    supervised.cause = cause;
  }

  @Override
  public synchronized CompletionStage<ObservedAgent> supervise(
      AgentId agent, LaunchPlan plan, DesiredState desired, CompletionStage<Void> turn) {
    if (agents.containsKey(agent)) {
      throw new IllegalStateException("agent: " + agent + " (expected: not supervised yet)");
    }
    calls.add(new Call.Supervised(agent, plan, desired));
    Supervised supervised = script(agent);
    supervised.plan = Optional.of(plan);
    agents.put(agent, supervised);
    if (desired == DesiredState.RUNNING) {
      if (booted) {
        supervised.untilTurn = Optional.of(new CompletableFuture<>());
      } else {
        supervised.pid = OptionalInt.of(++lastPid);
      }
    }
    var unused = turn.thenRun(() -> turnCame(agent));
    return CompletableFuture.completedFuture(observe(agent));
  }

  private void turnCame(AgentId agent) {
    Optional<CompletableFuture<StartResult>> waited;
    StartResult result;
    synchronized (this) {
      turns.add(agent);
      waited = script(agent).untilTurn;
      if (waited.isEmpty()) {
        return;
      }
      script(agent).untilTurn = Optional.empty();
      result = started(script(agent));
    }
    waited.get().complete(result);
  }

  /** The agents whose turn to start has come, in order. */
  public synchronized List<AgentId> turns() {
    return List.copyOf(turns);
  }

  /** From now on others wait for the agent's start until {@link #settle}. */
  public synchronized void unsettle(AgentId agent) {
    script(agent).settled = new CompletableFuture<>();
  }

  public void settle(AgentId agent) {
    CompletableFuture<Void> settled;
    synchronized (this) {
      settled = script(agent).settled;
    }
    settled.complete(null);
  }

  @Override
  public synchronized CompletionStage<Void> settled(AgentId agent) {
    return require(agent).settled;
  }

  @Override
  public synchronized void plan(AgentId agent, LaunchPlan plan) {
    require(agent).plan = Optional.of(plan);
    calls.add(new Call.Planned(agent, plan));
  }

  @Override
  public synchronized CompletionStage<StartResult> start(AgentId agent) {
    Supervised supervised = require(agent);
    calls.add(new Call.Started(agent));
    if (supervised.untilTurn.isPresent()) {
      return supervised.untilTurn.get();
    }
    if (supervised.held) {
      CompletableFuture<StartResult> start = new CompletableFuture<>();
      supervised.heldStarts.add(start);
      return start;
    }
    return CompletableFuture.completedStage(started(supervised));
  }

  @Override
  public synchronized CompletionStage<StopResult> stop(AgentId agent) {
    Supervised supervised = require(agent);
    calls.add(new Call.Stopped(agent));
    supervised.untilTurn.ifPresent(
        start -> start.complete(new StartResult.DidNotStart("stopped before it had started")));
    supervised.untilTurn = Optional.empty();
    if (supervised.held) {
      CompletableFuture<StopResult> stop = new CompletableFuture<>();
      supervised.heldStops.add(stop);
      return stop;
    }
    return CompletableFuture.completedStage(stopped(supervised));
  }

  @Override
  public synchronized void signal(AgentId agent, String signal) {
    require(agent);
    calls.add(new Call.Signalled(agent, signal));
  }

  @Override
  public synchronized void forget(AgentId agent) {
    ObservedAgent.State state = observe(agent).state();
    if (state != ObservedAgent.State.STOPPED) {
      throw new IllegalStateException("agent: " + agent + " is " + state + " (expected: STOPPED)");
    }
    agents.remove(agent);
    scripted.remove(agent);
    calls.add(new Call.Forgotten(agent));
  }

  @Override
  public synchronized ObservedAgent observe(AgentId agent) {
    Supervised supervised = require(agent);
    return new ObservedAgent(
        state(supervised),
        ObservedAgent.Health.NONE,
        Instant.EPOCH,
        0,
        supervised.cause,
        supervised.pid,
        Optional.empty(),
        List.of());
  }

  private static ObservedAgent.State state(Supervised supervised) {
    if (supervised.untilTurn.isPresent()) {
      return ObservedAgent.State.STARTING;
    }
    return supervised.pid.isPresent() ? ObservedAgent.State.RUNNING : ObservedAgent.State.STOPPED;
  }

  private StartResult started(Supervised supervised) {
    StartResult scriptedResult = supervised.starts.poll();
    StartResult result =
        scriptedResult != null
            ? scriptedResult
            : supervised.pid.isPresent()
                ? new StartResult.AlreadyRunning(supervised.pid.getAsInt())
                : new StartResult.Started(++lastPid);
    switch (result) {
      case StartResult.Started(int pid) -> {
        supervised.pid = pid == 0 ? OptionalInt.empty() : OptionalInt.of(pid);
        supervised.cause = "";
      }
      case StartResult.Scheduled() -> {
        supervised.pid = OptionalInt.empty();
        supervised.cause = "";
      }
      case StartResult.AlreadyRunning(int pid) -> supervised.pid = OptionalInt.of(pid);
      case StartResult.DidNotStart(String cause) -> {
        supervised.pid = OptionalInt.empty();
        supervised.cause = cause;
      }
    }
    return result;
  }

  private StopResult stopped(Supervised supervised) {
    StopResult scriptedResult = supervised.stops.poll();
    StopResult result =
        scriptedResult != null
            ? scriptedResult
            : supervised.pid.isPresent()
                ? new StopResult.Stopped(false)
                : new StopResult.AlreadyStopped();
    if (!(result instanceof StopResult.DidNotStop)) {
      supervised.pid = OptionalInt.empty();
    }
    return result;
  }

  private Supervised script(AgentId agent) {
    return scripted.computeIfAbsent(agent, absent -> new Supervised());
  }

  private Supervised require(AgentId agent) {
    Supervised supervised = agents.get(agent);
    if (supervised == null) {
      throw new IllegalArgumentException("agent: " + agent + " (expected: a supervised one)");
    }
    return supervised;
  }
}
