package io.easyagent.server.agent.api;

import static io.easyagent.server.transport.Route.Method.GET;

import io.easyagent.definition.AgentType;
import io.easyagent.server.access.Role;
import io.easyagent.server.agent.Agent;
import io.easyagent.server.agent.AgentId;
import io.easyagent.server.agent.AgentQuery;
import io.easyagent.server.agent.Agents;
import io.easyagent.server.agent.DesiredState;
import io.easyagent.server.agent.ObservedAgent;
import io.easyagent.server.agent.StoredDefinition;
import io.easyagent.server.fleet.Host;
import io.easyagent.server.fleet.HostReference;
import io.easyagent.server.fleet.Hosts;
import io.easyagent.server.fleet.Scoped;
import io.easyagent.server.fleet.SelectorParser;
import io.easyagent.server.problem.ErrorCode;
import io.easyagent.server.problem.RefusedException;
import io.easyagent.server.telemetry.LatestMetrics;
import io.easyagent.server.transport.Answer;
import io.easyagent.server.transport.Pages;
import io.easyagent.server.transport.Request;
import io.easyagent.server.transport.Route;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** {@code /agents}. */
public final class AgentRoutes {
  private final Scoped<Agents> agents;
  private final Scoped<Hosts> hosts;
  private final LatestMetrics metrics;

  public AgentRoutes(Scoped<Agents> agents, Scoped<Hosts> hosts, LatestMetrics metrics) {
    this.agents = agents;
    this.hosts = hosts;
    this.metrics = metrics;
  }

  public List<Route> routes() {
    return List.of(
        Route.list("/agents", Role.VIEWER, Set.of("selector", "host", "name"), this::list).scoped(),
        Route.api(GET, "/agents/{id}", Role.VIEWER, this::show).scoped());
  }

  private Answer list(Request request) {
    AgentQuery query =
        new AgentQuery(
            request.query("selector").map(SelectorParser::parse),
            request
                .query("host")
                .map(text -> HostReference.require(hosts.within(request.scope()), text))
                .map(Host::id),
            request.query("name"));
    return Answer.ok(
        Pages.of(agents.within(request.scope()).page(query, request.page()), this::resource));
  }

  private Answer show(Request request) {
    AgentId id = new AgentId(request.id("id", "agent"));
    return agents
        .within(request.scope())
        .find(id)
        .map(agent -> Answer.ok(resource(agent)))
        .orElseThrow(() -> new RefusedException(ErrorCode.NOT_FOUND, "there is no agent " + id));
  }

  private io.easyagent.api.Agent resource(Agent agent) {
    Optional<ObservedAgent> observed = agent.observed();
    return new io.easyagent.api.Agent(
        agent.id().value(),
        agent.host().value(),
        agent.hostName(),
        agent.name(),
        type(agent.definition().type()),
        desired(agent.desired()),
        observed.map(seen -> state(seen.state())).orElse(io.easyagent.api.Agent.State.unknown),
        observed.map(seen -> health(seen.health())).orElse(io.easyagent.api.Agent.Health.unknown),
        agent.revision(),
        observed.map(ObservedAgent::revision),
        observed.flatMap(ObservedAgent::version),
        agent.drift(),
        observed.map(ObservedAgent::restarts).orElse(0L),
        observed.map(ObservedAgent::since),
        observed.map(ObservedAgent::cause).orElse(""),
        observed.flatMap(ObservedAgent::pid),
        observed.flatMap(ObservedAgent::nextStart),
        metrics.find(agent.host(), agent.id()),
        observed.map(ObservedAgent::conditions).orElse(List.of()),
        StoredDefinition.canonical(agent.definition()));
  }

  private static io.easyagent.api.Agent.Type type(AgentType type) {
    return switch (type) {
      case SERVICE -> io.easyagent.api.Agent.Type.service;
      case ONESHOT -> io.easyagent.api.Agent.Type.oneshot;
      case SCHEDULED -> io.easyagent.api.Agent.Type.scheduled;
    };
  }

  private static io.easyagent.api.Agent.Desired desired(DesiredState desired) {
    return switch (desired) {
      case STOPPED -> io.easyagent.api.Agent.Desired.stopped;
      case RUNNING -> io.easyagent.api.Agent.Desired.running;
    };
  }

  private static io.easyagent.api.Agent.State state(ObservedAgent.State state) {
    return switch (state) {
      case STOPPED -> io.easyagent.api.Agent.State.stopped;
      case STARTING -> io.easyagent.api.Agent.State.starting;
      case RUNNING -> io.easyagent.api.Agent.State.running;
      case STOPPING -> io.easyagent.api.Agent.State.stopping;
      case BACKING_OFF -> io.easyagent.api.Agent.State.backingOff;
      case EXITED -> io.easyagent.api.Agent.State.exited;
      case WAITING -> io.easyagent.api.Agent.State.waiting;
    };
  }

  private static io.easyagent.api.Agent.Health health(ObservedAgent.Health health) {
    return switch (health) {
      case NONE -> io.easyagent.api.Agent.Health.none;
      case UNKNOWN -> io.easyagent.api.Agent.Health.unknown;
      case HEALTHY -> io.easyagent.api.Agent.Health.healthy;
      case UNHEALTHY -> io.easyagent.api.Agent.Health.unhealthy;
    };
  }
}
