package io.easyagent.simulator.host;

import io.easyagent.sidecar.agent.AgentId;
import io.easyagent.sidecar.agent.DesiredState;
import io.easyagent.sidecar.agent.ObservedAgent;
import io.easyagent.sidecar.supervise.LaunchPlan;
import io.easyagent.sidecar.supervise.Supervision;
import java.time.Clock;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/** The agents of one host, without processes. */
final class SimulatedSupervision implements Supervision {
  private final SharedParts shared;
  private final Clock clock;
  private final Listener listener;
  private final Map<AgentId, SimulatedAgent> agents = new ConcurrentHashMap<>();

  SimulatedSupervision(SharedParts shared, Clock clock, Listener listener) {
    this.shared = shared;
    this.clock = clock;
    this.listener = listener;
  }

  @Override
  public CompletionStage<ObservedAgent> supervise(
      AgentId agent, LaunchPlan plan, DesiredState desired, CompletionStage<Void> turn) {
    SimulatedAgent supervised = new SimulatedAgent(agent, plan, desired, shared, clock, listener);
    if (agents.putIfAbsent(agent, supervised) != null) {
      throw new IllegalStateException("agent: " + agent + " (expected: not supervised yet)");
    }
    var unused = turn.thenRun(supervised::find);
    return CompletableFuture.completedStage(supervised.observe());
  }

  @Override
  public CompletionStage<Void> settled(AgentId agent) {
    return require(agent).settled();
  }

  @Override
  public void plan(AgentId agent, LaunchPlan plan) {
    require(agent).plan(plan);
  }

  @Override
  public CompletionStage<StartResult> start(AgentId agent) {
    return require(agent).start();
  }

  @Override
  public CompletionStage<StopResult> stop(AgentId agent) {
    return require(agent).stop();
  }

  @Override
  public void signal(AgentId agent, String signal) {
    // A process that is not there takes every signal, and goes on.
    require(agent);
  }

  @Override
  public void forget(AgentId agent) {
    ObservedAgent.State state = require(agent).observe().state();
    if (state != ObservedAgent.State.STOPPED) {
      throw new IllegalStateException("agent: " + agent + " is " + state + " (expected: STOPPED)");
    }
    SimulatedAgent forgotten = agents.remove(agent);
    if (forgotten != null) {
      forgotten.close();
    }
  }

  @Override
  public ObservedAgent observe(AgentId agent) {
    return require(agent).observe();
  }

  /** Every process of this host ends by itself, and its policy decides. */
  void crash() {
    agents.values().forEach(SimulatedAgent::crash);
  }

  void close() {
    agents.values().forEach(SimulatedAgent::close);
  }

  private SimulatedAgent require(AgentId agent) {
    SimulatedAgent supervised = agents.get(agent);
    if (supervised == null) {
      throw new IllegalArgumentException("agent: " + agent + " (expected: a supervised one)");
    }
    return supervised;
  }
}
