package io.easyagent.sidecar.operation.work;

import io.easyagent.sidecar.agent.AgentId;
import io.easyagent.sidecar.agent.DesiredState;
import io.easyagent.sidecar.agent.ObservedAgent;
import io.easyagent.sidecar.supervise.FakeSupervision;
import io.easyagent.sidecar.supervise.LaunchPlan;
import io.easyagent.sidecar.supervise.Supervision;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Supervision as one life of the sidecar sees it, over processes that outlive it: what runs is
 * adopted, and what is wanted running and does not run is started.
 */
final class SurvivingSupervision implements Supervision {
  private final FakeSupervision host;
  private final Set<AgentId> supervised = new HashSet<>();

  SurvivingSupervision(FakeSupervision host) {
    this.host = host;
  }

  @Override
  public synchronized CompletionStage<ObservedAgent> supervise(
      AgentId agent, LaunchPlan plan, DesiredState desired, CompletionStage<Void> turn) {
    if (!supervised.add(agent)) {
      throw new IllegalStateException("agent: " + agent + " (expected: not supervised yet)");
    }
    if (!host.isSupervised(agent)) {
      return host.supervise(agent, plan, desired, turn);
    }
    host.plan(agent, plan);
    if (desired == DesiredState.RUNNING && host.observe(agent).pid().isEmpty()) {
      host.start(agent);
    }
    return CompletableFuture.completedFuture(host.observe(agent));
  }

  @Override
  public CompletionStage<Void> settled(AgentId agent) {
    require(agent);
    return host.settled(agent);
  }

  @Override
  public void plan(AgentId agent, LaunchPlan plan) {
    require(agent);
    host.plan(agent, plan);
  }

  @Override
  public CompletionStage<StartResult> start(AgentId agent) {
    require(agent);
    return host.start(agent);
  }

  @Override
  public CompletionStage<StopResult> stop(AgentId agent) {
    require(agent);
    return host.stop(agent);
  }

  @Override
  public void signal(AgentId agent, String signal) {
    require(agent);
    host.signal(agent, signal);
  }

  @Override
  public synchronized void forget(AgentId agent) {
    require(agent);
    supervised.remove(agent);
    host.forget(agent);
  }

  @Override
  public ObservedAgent observe(AgentId agent) {
    require(agent);
    return host.observe(agent);
  }

  private synchronized void require(AgentId agent) {
    if (!supervised.contains(agent)) {
      throw new IllegalArgumentException("agent: " + agent + " (expected: a supervised one)");
    }
  }
}
