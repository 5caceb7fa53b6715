package io.easyagent.sidecar.supervise;

import io.easyagent.sidecar.agent.AgentId;
import io.easyagent.sidecar.agent.DesiredState;
import io.easyagent.sidecar.agent.ObservedAgent;
import io.easyagent.sidecar.process.Signals;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.DoubleSupplier;

/** Supervision of processes under keepers. Closing it leaves every agent running. */
public final class KeeperSupervision implements Supervision, AutoCloseable {
  private final KeeperHost host;
  private final DoubleSupplier random;
  private final Listener listener;
  private final Map<AgentId, SupervisedAgent> agents = new ConcurrentHashMap<>();

  /**
   * @param random from 0 (inclusive) to 1 (exclusive), for the jitter of the back-off
   */
  public KeeperSupervision(KeeperHost host, DoubleSupplier random, Listener listener) {
    this.host = host;
    this.random = random;
    this.listener = listener;
  }

  @Override
  public CompletionStage<ObservedAgent> supervise(
      AgentId agent, LaunchPlan plan, DesiredState desired, CompletionStage<Void> turn) {
    SupervisedAgent supervised = new SupervisedAgent(agent, plan, desired, host, random, listener);
    if (agents.putIfAbsent(agent, supervised) != null) {
      throw new IllegalStateException("agent: " + agent + " (expected: not supervised yet)");
    }
    return supervised.find(turn);
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

  /**
   * @throws IllegalArgumentException for an unknown name
   */
  @Override
  public void signal(AgentId agent, String signal) {
    int number =
        Signals.findNumber(signal)
            .orElseThrow(() ->
                new IllegalArgumentException(
                    "signal: " + signal + " (expected: a name like TERM or HUP)"));
    require(agent).signal(number);
  }

  /**
   * @throws IllegalStateException when the agent is not stopped
   */
  @Override
  public void forget(AgentId agent) {
    ObservedAgent.State state = require(agent).observe().state();
    if (state != ObservedAgent.State.STOPPED) {
      throw new IllegalStateException("agent: " + agent + " is " + state + " (expected: STOPPED)");
    }
    SupervisedAgent forgotten = agents.remove(agent);
    if (forgotten != null) {
      // Its folders are removed next.
      forgotten.leaveOutput();
      forgotten.close(true);
    }
  }

  @Override
  public ObservedAgent observe(AgentId agent) {
    return require(agent).observe();
  }

  /**
   * Every process in the agent's cgroup, its keeper not among them; empty where the host gives none
   * and for an agent that is not supervised.
   */
  public Set<Integer> processes(AgentId agent) {
    SupervisedAgent supervised = agents.get(agent);
    return supervised == null ? Set.of() : supervised.processes();
  }

  /** Runs this once every agent's mailbox has come to it; shows that none is stuck. */
  public void answer(Runnable answered) {
    CompletableFuture<?>[] each =
        agents.values().stream().map(SupervisedAgent::answer).toArray(CompletableFuture[]::new);
    var unused = CompletableFuture.allOf(each).thenRun(answered);
  }

  private SupervisedAgent require(AgentId agent) {
    SupervisedAgent supervised = agents.get(agent);
    if (supervised == null) {
      throw new IllegalArgumentException("agent: " + agent + " (expected: a supervised one)");
    }
    return supervised;
  }

  @Override
  public void close() {
    agents.values().forEach(agent -> agent.close(false));
  }
}
