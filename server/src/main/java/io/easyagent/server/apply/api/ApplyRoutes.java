package io.easyagent.server.apply.api;

import static io.easyagent.server.transport.Route.Method.POST;

import io.easyagent.api.ApplyRequest;
import io.easyagent.api.ApplyResult;
import io.easyagent.definition.Shown;
import io.easyagent.server.access.Audit;
import io.easyagent.server.access.AuditEntry;
import io.easyagent.server.access.Role;
import io.easyagent.server.agent.Agents;
import io.easyagent.server.agent.DefinitionResolver;
import io.easyagent.server.agent.StoredDefinition;
import io.easyagent.server.agent.definition.StartOrder;
import io.easyagent.server.apply.ApplyPlan;
import io.easyagent.server.apply.PlannedItem;
import io.easyagent.server.fleet.HostBrief;
import io.easyagent.server.fleet.Hosts;
import io.easyagent.server.fleet.Scoped;
import io.easyagent.server.fleet.TargetResolver;
import io.easyagent.server.operation.Batch;
import io.easyagent.server.operation.NewBatch.IdempotencyKey;
import io.easyagent.server.operation.Operations;
import io.easyagent.server.problem.ErrorCode;
import io.easyagent.server.problem.Refusal;
import io.easyagent.server.problem.RefusedException;
import io.easyagent.server.transport.Answer;
import io.easyagent.server.transport.Origins;
import io.easyagent.server.transport.Request;
import io.easyagent.server.transport.Route;
import io.easyagent.server.transport.Targeting;
import io.easyagent.server.transport.Timeouts;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code /apply}. */
public final class ApplyRoutes {
  private static final int MOST_DEFINITIONS = 200;
  private static final int MOST_ITEMS = 50_000;

  private final Scoped<Operations> operations;
  private final Scoped<Hosts> hosts;
  private final Scoped<Agents> agents;
  private final DefinitionResolver definitions;
  private final Audit audit;
  private final int mostHosts;

  /**
   * @param mostHosts that one request may command
   */
  public ApplyRoutes(
      Scoped<Operations> operations,
      Scoped<Hosts> hosts,
      Scoped<Agents> agents,
      DefinitionResolver definitions,
      Audit audit,
      int mostHosts) {
    this.operations = operations;
    this.hosts = hosts;
    this.agents = agents;
    this.definitions = definitions;
    this.audit = audit;
    this.mostHosts = mostHosts;
  }

  public List<Route> routes() {
    return List.of(Route.api(POST, "/apply", Role.OPERATOR, this::apply).scoped());
  }

  private Answer apply(Request request) {
    byte[] body = request.bodyBytes();
    ApplyRequest wanted = request.body(body, ApplyRequest.class);
    Operations known = operations.within(request.scope());
    boolean dryRun = wanted.dryRun().orElse(false);
    Optional<IdempotencyKey> key = Targeting.key(request, body);
    if (key.isPresent() && !dryRun) {
      List<Batch> before = known.findSubmitted(request.caller().name(), key.get());
      if (!before.isEmpty()) {
        return Answer.accepted(new AppliedBatches(known).again(before));
      }
    }
    Duration timeout = Timeouts.of(wanted.timeout());
    Map<String, StoredDefinition> resolved = resolve(wanted.definitions());
    TargetResolver.Resolved found =
        new TargetResolver(hosts, request.scope(), mostHosts)
            .resolve(Targeting.of(wanted.targets()));
    if ((long) resolved.size() * found.hosts().size() > MOST_ITEMS) {
      throw new RefusedException(
          ErrorCode.TOO_LARGE,
          "%d definitions for %d hosts (expected: at most %d agents at once)"
              .formatted(resolved.size(), found.hosts().size(), MOST_ITEMS));
    }
    List<PlannedItem> plan = new ArrayList<>();
    resolved.forEach((name, definition) ->
        plan.addAll(
            ApplyPlan.of(
                definition,
                found.hosts(),
                agents
                    .within(request.scope())
                    .find(found.hosts().stream().map(HostBrief::id).toList(), name))));
    ApplySubmission submission =
        new ApplySubmission(known, request.caller().name(), found.shown(), timeout, key);
    if (dryRun) {
      submission.requireAllowed(plan);
      return Answer.ok(ApplyOutcome.planned(plan));
    }
    if (plan.stream().allMatch(item -> item instanceof PlannedItem.Unchanged)) {
      return Answer.ok(ApplyOutcome.planned(plan));
    }
    AuditEntry.Act act =
        new AuditEntry.Act(
            "apply",
            String.join(" ", resolved.keySet()) + " " + found.shown(),
            found.hosts().size());
    ApplyResult result = submission.submit(plan, audit.entry(Origins.of(request), act));
    return result.batches().isEmpty() ? Answer.ok(result) : Answer.accepted(result);
  }

  /** All definitions, or all that is wrong with any of them. */
  private Map<String, StoredDefinition> resolve(List<ApplyRequest.Source> sources) {
    if (sources.isEmpty() || sources.size() > MOST_DEFINITIONS) {
      throw new RefusedException(
          ErrorCode.BAD_REQUEST,
          "definitions: %d (expected: 1 to %d)".formatted(sources.size(), MOST_DEFINITIONS));
    }
    Map<String, StoredDefinition> resolved = new LinkedHashMap<>();
    List<Refusal> refusals = new ArrayList<>();
    for (ApplyRequest.Source source : sources) {
      String place = Shown.of(source.name());
      try {
        StoredDefinition definition = definitions.resolve(place, source.text());
        String name = definition.definition().name();
        if (resolved.putIfAbsent(name, definition) != null) {
          String message = "agent " + name + " is defined twice (expected: once)";
          refusals.add(
              new Refusal(
                  ErrorCode.INVALID_DEFINITION,
                  place + ": " + message,
                  List.of(new Refusal.Fault(place, message))));
        }
      } catch (RefusedException refused) {
        refusals.add(refused.refusal());
      }
    }
    cycle(resolved).ifPresent(refusals::add);
    if (!refusals.isEmpty()) {
      throw new RefusedException(
          new Refusal(
              refusals.getFirst().code(),
              refusals.getFirst().message(),
              refusals.stream().flatMap(refusal -> refusal.faults().stream()).toList()));
    }
    return resolved;
  }

  /** Among these definitions; with what a host has beside them the host finds one. */
  private static Optional<Refusal> cycle(Map<String, StoredDefinition> resolved) {
    Map<String, List<String>> after = new LinkedHashMap<>();
    resolved.forEach((name, stored) -> after.put(name, stored.definition().after()));
    return StartOrder.findCycle(after)
        .map(cycle -> {
          String message =
              "after: " + String.join(" → ", cycle) + " (expected: an order without a circle)";
          return new Refusal(
              ErrorCode.INVALID_DEFINITION,
              message,
              List.of(new Refusal.Fault(cycle.getFirst(), message)));
        });
  }
}
