package io.easyagent.server.operation.api;

import static io.easyagent.server.transport.Route.Method.GET;
import static io.easyagent.server.transport.Route.Method.POST;

import io.easyagent.api.BatchPreview;
import io.easyagent.api.BatchRequest;
import io.easyagent.api.Command.Kind;
import io.easyagent.definition.Shown;
import io.easyagent.server.access.Audit;
import io.easyagent.server.access.AuditEntry;
import io.easyagent.server.access.OperatorToken;
import io.easyagent.server.access.Role;
import io.easyagent.server.agent.Agents;
import io.easyagent.server.agent.DefinitionResolver;
import io.easyagent.server.artifact.SidecarDistributions;
import io.easyagent.server.fleet.HostBrief;
import io.easyagent.server.fleet.HostStatus;
import io.easyagent.server.fleet.Hosts;
import io.easyagent.server.fleet.Scoped;
import io.easyagent.server.fleet.TargetResolver;
import io.easyagent.server.operation.Batch;
import io.easyagent.server.operation.BatchMatch;
import io.easyagent.server.operation.KeptFor;
import io.easyagent.server.operation.NewBatch;
import io.easyagent.server.operation.NewBatch.IdempotencyKey;
import io.easyagent.server.operation.OperationQuery;
import io.easyagent.server.operation.Operations;
import io.easyagent.server.operation.Submission;
import io.easyagent.server.problem.ErrorCode;
import io.easyagent.server.problem.Refusal;
import io.easyagent.server.problem.RefusedException;
import io.easyagent.server.transport.Answer;
import io.easyagent.server.transport.Origins;
import io.easyagent.server.transport.Pages;
import io.easyagent.server.transport.Request;
import io.easyagent.server.transport.Route;
import io.easyagent.server.transport.Targeting;
import io.easyagent.server.transport.Timeouts;
import io.easyagent.server.transport.Watchers;
import io.easyagent.server.transport.resource.HostResources;
import io.easyagent.server.transport.resource.OperationResources;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** {@code /batches}. */
public final class BatchRoutes {
  private static final int MOST_PREVIEWED = 1000;

  private final Scoped<Operations> operations;
  private final Scoped<Hosts> hosts;
  private final Scoped<Agents> agents;
  private final DefinitionResolver definitions;
  private final SidecarDistributions distributions;
  private final Audit audit;
  private final Watchers watchers;
  private final KeptFor kept;
  private final int mostHosts;

  /**
   * @param mostHosts that one request may command
   */
  public BatchRoutes(
      Scoped<Operations> operations,
      Scoped<Hosts> hosts,
      Scoped<Agents> agents,
      DefinitionResolver definitions,
      SidecarDistributions distributions,
      Audit audit,
      Watchers watchers,
      KeptFor kept,
      int mostHosts) {
    this.operations = operations;
    this.hosts = hosts;
    this.agents = agents;
    this.definitions = definitions;
    this.distributions = distributions;
    this.audit = audit;
    this.watchers = watchers;
    this.kept = kept;
    this.mostHosts = mostHosts;
  }

  public List<Route> routes() {
    return Stream.of(
            Route.api(POST, "/batches", Role.OPERATOR, this::submit),
            Route.list("/batches", Role.VIEWER, Set.of(), this::list),
            Route.api(GET, "/batches/{id}", Role.VIEWER, request -> Answer.ok(shown(request))),
            Route.list(
                "/batches/{id}/operations", Role.VIEWER, Set.of("state"), this::listOperations),
            Route.api(POST, "/batches/{id}/cancel", Role.OPERATOR, this::cancel),
            Route.api(GET, "/batches/{id}/watch", Role.VIEWER, this::watch))
        .map(Route::scoped)
        .toList();
  }

  private Answer submit(Request request) {
    byte[] body = request.bodyBytes();
    BatchRequest wanted = request.body(body, BatchRequest.class);
    checkRights(wanted.command().kind(), request.caller());
    boolean dryRun = wanted.dryRun().orElse(false);
    Optional<IdempotencyKey> key = Targeting.key(request, body);
    Optional<Batch> known = dryRun ? Optional.empty() : submittedBefore(request, key);
    if (known.isPresent()) {
      return Answer.accepted(OperationResources.of(known.get()));
    }
    Duration timeout = Timeouts.of(wanted.timeout());
    TargetResolver.Resolved resolved =
        new TargetResolver(hosts, request.scope(), mostHosts)
            .resolve(Targeting.of(wanted.targets()));
    OrderReader.Orders read =
        new OrderReader(
                agents.within(request.scope()),
                definitions,
                new SidecarOrders(hosts.within(request.scope()), distributions))
            .read(wanted.command(), resolved.hosts());
    NewBatch batch =
        new NewBatch(
            OperationResources.of(wanted.command().kind()),
            read.agent(),
            resolved.shown(),
            request.caller().name(),
            timeout,
            key,
            read.orders());
    if (dryRun) {
      operations.within(request.scope()).requireAllowed(List.of(batch));
      return Answer.ok(preview(resolved.hosts()));
    }
    AuditEntry.Act act =
        new AuditEntry.Act(
            "batch." + wanted.command().kind(),
            subject(wanted.command(), read, resolved),
            resolved.hosts().size());
    return switch (operations
        .within(request.scope())
        .submit(batch, audit.entry(Origins.of(request), act))) {
      case Submission.Accepted accepted -> Answer.accepted(OperationResources.of(accepted.batch()));
      case Submission.AcceptedBefore before ->
          Answer.accepted(OperationResources.of(before.batch()));
      case Submission.Refused refused -> throw new RefusedException(refused.refusal());
    };
  }

  /** What the route's role is not enough for. */
  private static void checkRights(Kind kind, OperatorToken caller) {
    if (kind == Kind.exec && !caller.exec()) {
      throw new RefusedException(
          ErrorCode.FORBIDDEN,
          "the token " + caller.name() + " may not exec (expected: a token that may)");
    }
    // It decides what runs as root.
    if (OperationResources.of(kind).ofSidecar() && !caller.role().allows(Role.ADMIN)) {
      throw new RefusedException(
          ErrorCode.FORBIDDEN,
          "%s: the token %s is for the role %s (expected: %s)"
              .formatted(kind, caller.name(), caller.role().text(), Role.ADMIN.text()));
    }
  }

  /** Before the targets are looked up: of a batch that was accepted they may be gone. */
  private Optional<Batch> submittedBefore(Request request, Optional<IdempotencyKey> key) {
    return key.flatMap(given ->
        operations.within(request.scope()).findSubmitted(request.caller().name(), given).stream()
            .findFirst());
  }

  private static String subject(
      io.easyagent.api.Command command, OrderReader.Orders read, TargetResolver.Resolved resolved) {
    String what =
        command
            .command()
            .map(arguments -> " " + Shown.of(String.join(" ", arguments)))
            .or(() -> command.script().map(script -> " script " + Shown.of(script)))
            .or(() -> command.version().map(version -> " version " + Shown.of(version)))
            .orElse("");
    return read.agent().map(agent -> agent + " ").orElse("") + resolved.shown() + what;
  }

  private static BatchPreview preview(List<HostBrief> hosts) {
    return new BatchPreview(
        hosts.size(),
        hosts.stream().filter(host -> host.status() != HostStatus.ONLINE).count(),
        hosts.stream()
            .limit(MOST_PREVIEWED)
            .map(host ->
                new BatchPreview.Match(
                    host.id().value(), host.name(), HostResources.of(host.status())))
            .toList());
  }

  private Answer list(Request request) {
    return Answer.ok(
        Pages.of(
            operations.within(request.scope()).pageBatches(request.page()),
            OperationResources::of));
  }

  private io.easyagent.api.Batch shown(Request request) {
    return OperationResources.of(require(request));
  }

  private Answer listOperations(Request request) {
    OperationQuery query =
        new OperationQuery(
            Optional.of(require(request).id()),
            OperationRoutes.state(request),
            Optional.empty(),
            Optional.empty());
    return Answer.ok(
        Pages.of(
            operations.within(request.scope()).page(query, request.page()),
            OperationResources::of));
  }

  private Answer cancel(Request request) {
    Batch batch = require(request);
    AuditEntry.Act act = new AuditEntry.Act("batch.cancel", batch.id().toString(), batch.total());
    return operations
        .within(request.scope())
        .cancelBatch(batch.id(), audit.entry(Origins.of(request), act))
        .map(cancelled -> Answer.ok(OperationResources.of(cancelled)))
        .orElseThrow(() -> kept.missing("batch", batch.id().toString()));
  }

  private Answer watch(Request request) {
    Batch batch = require(request);
    return new Answer.Events(
        new BatchWatch(
            operations.within(request.scope()),
            batch.id(),
            request.header("Last-Event-ID"),
            watchers.open(),
            watchers));
  }

  private Batch require(Request request) {
    String reference = request.path("id");
    return switch (operations.within(request.scope()).matchBatch(reference)) {
      case BatchMatch.Found found -> found.batch();
      case BatchMatch.Ambiguous ambiguous ->
          throw new RefusedException(
              new Refusal(
                  ErrorCode.AMBIGUOUS,
                  Shown.of(reference) + " stands for several batches (expected: a longer prefix)",
                  ambiguous.candidates().stream()
                      .map(id -> new Refusal.Fault(Shown.of(reference), id.toString()))
                      .toList()));
      case BatchMatch.Missing _ -> throw kept.missing("batch", reference);
    };
  }
}
