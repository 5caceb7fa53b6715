package io.easyagent.server.operation.api;

import static io.easyagent.server.transport.Route.Method.GET;
import static io.easyagent.server.transport.Route.Method.POST;

import io.easyagent.definition.Shown;
import io.easyagent.server.access.Audit;
import io.easyagent.server.access.AuditEntry;
import io.easyagent.server.access.Role;
import io.easyagent.server.agent.Agent;
import io.easyagent.server.agent.AgentId;
import io.easyagent.server.agent.Agents;
import io.easyagent.server.fleet.HostId;
import io.easyagent.server.fleet.HostReference;
import io.easyagent.server.fleet.Hosts;
import io.easyagent.server.fleet.Scoped;
import io.easyagent.server.operation.KeptFor;
import io.easyagent.server.operation.Operation;
import io.easyagent.server.operation.OperationMatch;
import io.easyagent.server.operation.OperationQuery;
import io.easyagent.server.operation.OperationState;
import io.easyagent.server.operation.Operations;
import io.easyagent.server.problem.ErrorCode;
import io.easyagent.server.problem.Refusal;
import io.easyagent.server.problem.RefusedException;
import io.easyagent.server.transport.Answer;
import io.easyagent.server.transport.Origins;
import io.easyagent.server.transport.Pages;
import io.easyagent.server.transport.Request;
import io.easyagent.server.transport.Route;
import io.easyagent.server.transport.resource.OperationResources;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** {@code /operations}. */
public final class OperationRoutes {
  private final Scoped<Operations> operations;
  private final Scoped<Hosts> hosts;
  private final Scoped<Agents> agents;
  private final Audit audit;
  private final KeptFor kept;

  public OperationRoutes(
      Scoped<Operations> operations,
      Scoped<Hosts> hosts,
      Scoped<Agents> agents,
      Audit audit,
      KeptFor kept) {
    this.operations = operations;
    this.hosts = hosts;
    this.agents = agents;
    this.audit = audit;
    this.kept = kept;
  }

  public List<Route> routes() {
    return List.of(
        Route.list("/operations", Role.VIEWER, Set.of("state", "host", "agent"), this::list)
            .scoped(),
        Route.api(GET, "/operations/{id}", Role.VIEWER, request -> Answer.ok(shown(request)))
            .scoped(),
        Route.api(POST, "/operations/{id}/cancel", Role.OPERATOR, this::cancel).scoped());
  }

  private Answer list(Request request) {
    Optional<HostId> host =
        request
            .query("host")
            .map(text ->
                Request.parseId(text)
                    .map(HostId::new)
                    .orElseGet(
                        () -> HostReference.require(hosts.within(request.scope()), text).id()));
    OperationQuery query =
        new OperationQuery(
            Optional.empty(),
            state(request),
            host,
            request.query("agent").map(text -> agent(request, text, host)));
    return Answer.ok(
        Pages.of(
            operations.within(request.scope()).page(query, request.page()),
            OperationResources::of));
  }

  /** An agent by its id, or by its name on the host. */
  private AgentId agent(Request request, String text, Optional<HostId> host) {
    return Request.parseId(text)
        .map(AgentId::new)
        .or(() ->
            host.flatMap(found -> agents.within(request.scope()).find(found, text)).map(Agent::id))
        .orElseThrow(() ->
            new RefusedException(
                ErrorCode.BAD_REQUEST,
                "agent: "
                    + Shown.of(text)
                    + " (expected: an id, or the name of an agent of the given host)"));
  }

  static Optional<OperationState> state(Request request) {
    return request
        .query("state")
        .map(text ->
            Arrays.stream(io.easyagent.api.Operation.State.values())
                .filter(state -> state.name().equals(text))
                .findFirst()
                .map(OperationResources::of)
                .orElseThrow(() ->
                    new RefusedException(
                        ErrorCode.BAD_REQUEST,
                        "state: %s (expected: one of %s)"
                            .formatted(
                                Shown.of(text),
                                Arrays.stream(io.easyagent.api.Operation.State.values())
                                    .map(Enum::name)
                                    .collect(Collectors.joining(", "))))));
  }

  private io.easyagent.api.Operation shown(Request request) {
    return OperationResources.of(require(request));
  }

  private Answer cancel(Request request) {
    Operation operation = require(request);
    AuditEntry.Act act = new AuditEntry.Act("operation.cancel", operation.id().toString(), 1);
    return operations
        .within(request.scope())
        .cancel(operation.id(), audit.entry(Origins.of(request), act))
        .map(cancelled -> Answer.ok(OperationResources.of(cancelled)))
        .orElseThrow(() -> kept.missing("operation", operation.id().toString()));
  }

  private Operation require(Request request) {
    String reference = request.path("id");
    return switch (operations.within(request.scope()).match(reference)) {
      case OperationMatch.Found found -> found.operation();
      case OperationMatch.Ambiguous ambiguous ->
          throw new RefusedException(
              new Refusal(
                  ErrorCode.AMBIGUOUS,
                  Shown.of(reference)
                      + " stands for several operations (expected: a longer prefix)",
                  ambiguous.candidates().stream()
                      .map(id -> new Refusal.Fault(Shown.of(reference), id.toString()))
                      .toList()));
      case OperationMatch.Missing _ -> throw kept.missing("operation", reference);
    };
  }
}
