package io.easyagent.server.operation;

import io.easyagent.server.agent.Agent;
import io.easyagent.server.agent.AgentId;
import io.easyagent.server.agent.AgentStore;
import io.easyagent.server.agent.DefinitionText;
import io.easyagent.server.agent.DesiredState;
import io.easyagent.server.fleet.HostBrief;
import io.easyagent.server.fleet.HostId;
import io.easyagent.server.fleet.HostStatus;
import io.easyagent.server.fleet.HostStore;
import io.easyagent.server.id.IdMint;
import io.easyagent.server.operation.NewBatch.Order;
import io.easyagent.server.operation.OperationStore.NewBatchRow;
import io.easyagent.server.operation.OperationStore.NewOperationRow;
import io.easyagent.server.problem.ErrorCode;
import io.easyagent.server.problem.Refusal;
import io.easyagent.server.store.Transaction;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Turns a new batch into operations, with what each one means for its agent. */
final class Acceptance {
  /** Unfinished operations of one host; more would only be a backlog that nobody can oversee. */
  static final int MOST_UNFINISHED = 256;

  private final OperationStore operations;
  private final HostStore hosts;
  private final AgentStore agents;
  private final OperationChanges changes;
  private final IdMint ids;

  Acceptance(
      OperationStore operations,
      HostStore hosts,
      AgentStore agents,
      OperationChanges changes,
      IdMint ids) {
    this.operations = operations;
    this.hosts = hosts;
    this.agents = agents;
    this.changes = changes;
    this.ids = ids;
  }

  /** What became of an order. */
  private sealed interface Verdict {
    record Taken(Optional<AgentId> agent, long revision) implements Verdict {}

    record Refused(Refusal refusal) implements Verdict {}
  }

  /** What is known of the hosts when the orders are judged. */
  private record Situation(
      Map<HostId, HostBrief> hosts, Map<HostId, Agent> agents, Map<HostId, Long> unfinished) {}

  /** Empty refusal: the batch is stored under the id. */
  Optional<Refusal> accept(Transaction transaction, NewBatch batch, BatchId id, Instant now) {
    Situation situation = situation(transaction, batch);
    List<Verdict> verdicts =
        batch.orders().stream().map(order -> judge(transaction, situation, batch, order)).toList();
    if (verdicts.stream().allMatch(Verdict.Refused.class::isInstance)) {
      return verdicts.stream()
          .map(Verdict.Refused.class::cast)
          .map(Verdict.Refused::refusal)
          .findFirst();
    }
    Instant deadline = now.plus(batch.timeout());
    operations.insertBatch(
        transaction, new NewBatchRow(id, batch, now, deadline, batch.orders().size()));
    Map<Command, String> digests = new IdentityHashMap<>();
    List<NewOperationRow> rows = new ArrayList<>();
    for (int i = 0; i < verdicts.size(); i++) {
      Order order = batch.orders().get(i);
      String digest =
          digests.computeIfAbsent(
              order.command(), command -> operations.putCommand(transaction, command));
      rows.add(row(batch, id, situation, order, verdicts.get(i), digest, now, deadline));
    }
    operations.insert(transaction, rows);
    long refused = rows.stream().filter(row -> row.refused().isPresent()).count();
    if (refused > 0) {
      changes.publish(
          transaction, List.of(new OperationChange(id, OperationState.FAILED, refused)));
    }
    return Optional.empty();
  }

  private Situation situation(Transaction transaction, NewBatch batch) {
    Collection<HostId> ids = batch.orders().stream().map(Order::host).toList();
    return new Situation(
        hosts.briefs(transaction, ids),
        batch.agent().map(name -> agents.find(transaction, ids, name)).orElse(Map.of()),
        operations.countUnfinished(transaction, ids));
  }

  private NewOperationRow row(
      NewBatch batch,
      BatchId id,
      Situation situation,
      Order order,
      Verdict verdict,
      String digest,
      Instant now,
      Instant deadline) {
    HostBrief host = situation.hosts().get(order.host());
    String hostName = host == null ? order.host().toString() : host.name();
    OperationId operation = new OperationId(ids.next());
    return switch (verdict) {
      case Verdict.Taken(var agent, long revision) ->
          new NewOperationRow(
              operation,
              id,
              batch.kind(),
              order.host(),
              hostName,
              agent,
              batch.agent(),
              digest,
              revision,
              now,
              deadline,
              Optional.empty());
      case Verdict.Refused(var refusal) ->
          new NewOperationRow(
              operation,
              id,
              batch.kind(),
              order.host(),
              hostName,
              Optional.empty(),
              batch.agent(),
              digest,
              0,
              now,
              deadline,
              Optional.of(refusal.message()));
    };
  }

  private Verdict judge(Transaction transaction, Situation situation, NewBatch batch, Order order) {
    HostBrief host = situation.hosts().get(order.host());
    if (host == null) {
      return refused(ErrorCode.NOT_FOUND, "no host " + order.host());
    }
    if (host.status() == HostStatus.CONFLICTED) {
      return refused(
          ErrorCode.CONFLICT,
          "host " + host.name() + " is conflicted: it gets no commands until an operator decides");
    }
    Optional<String> lacking = Capability.lacking(host, order.command());
    if (lacking.isPresent()) {
      return refused(ErrorCode.UNSUPPORTED_BY_HOST, lacking.get());
    }
    if (order.refusal().isPresent()) {
      return new Verdict.Refused(order.refusal().get());
    }
    if (situation.unfinished().getOrDefault(order.host(), 0L) >= MOST_UNFINISHED) {
      return refused(
          ErrorCode.TOO_MANY_REQUESTS,
          "host %s has %d unfinished operations (expected: fewer than %d; wait for some, or cancel them)"
              .formatted(host.name(), situation.unfinished().get(order.host()), MOST_UNFINISHED));
    }
    Optional<Agent> agent = Optional.ofNullable(situation.agents().get(order.host()));
    return switch (order.command()) {
      case Command.Install install -> install(transaction, host, agent, install);
      case Command.Exec exec when batch.agent().isEmpty() -> new Verdict.Taken(Optional.empty(), 0);
      case Command.Configure configure ->
          agent
              .map(found -> configure(transaction, host, found, configure))
              .orElseGet(() -> noAgent(host, batch));
      case Command.Start start ->
          desire(transaction, host, batch, agent, Optional.of(DesiredState.RUNNING));
      case Command.Restart restart ->
          desire(transaction, host, batch, agent, Optional.of(DesiredState.RUNNING));
      case Command.Stop stop ->
          desire(transaction, host, batch, agent, Optional.of(DesiredState.STOPPED));
      case Command.Uninstall uninstall ->
          desire(transaction, host, batch, agent, Optional.of(DesiredState.STOPPED));
      case Command.UpgradeSidecar upgrade -> new Verdict.Taken(Optional.empty(), 0);
      case Command.ConfigureSidecar configure -> new Verdict.Taken(Optional.empty(), 0);
      case Command.Exec exec -> desire(transaction, host, batch, agent, Optional.empty());
    };
  }

  private Verdict install(
      Transaction transaction, HostBrief host, Optional<Agent> agent, Command.Install install) {
    DefinitionText definition = install.definition();
    if (agent.isPresent()) {
      return refused(
          ErrorCode.CONFLICT,
          "agent \"%s\" is on %s already (expected: a name that is free there; see: configure)"
              .formatted(definition.name(), host.name()));
    }
    AgentId id = new AgentId(ids.nextRandom());
    agents.insert(
        transaction,
        id,
        host.id(),
        definition,
        1,
        install.start() ? DesiredState.RUNNING : DesiredState.STOPPED);
    return new Verdict.Taken(Optional.of(id), 1);
  }

  private Verdict configure(
      Transaction transaction, HostBrief host, Agent agent, Command.Configure configure) {
    if (configure.ifRevision().isPresent()
        && configure.ifRevision().getAsLong() != agent.revision()) {
      return refused(
          ErrorCode.CONFLICT,
          "agent \"%s\" on %s is at revision %d (expected: %d; somebody changed it meanwhile)"
              .formatted(
                  agent.name(), host.name(), agent.revision(), configure.ifRevision().getAsLong()));
    }
    long revision = agents.putDefinition(transaction, agent.id(), configure.definition());
    return new Verdict.Taken(Optional.of(agent.id()), revision);
  }

  private Verdict desire(
      Transaction transaction,
      HostBrief host,
      NewBatch batch,
      Optional<Agent> agent,
      Optional<DesiredState> desired) {
    if (agent.isEmpty()) {
      return noAgent(host, batch);
    }
    desired.ifPresent(state -> agents.putDesired(transaction, agent.get().id(), state));
    return new Verdict.Taken(Optional.of(agent.get().id()), 0);
  }

  private static Verdict noAgent(HostBrief host, NewBatch batch) {
    return refused(
        ErrorCode.NOT_FOUND,
        "no agent \"%s\" on %s".formatted(batch.agent().orElse(""), host.name()));
  }

  private static Verdict refused(ErrorCode code, String message) {
    return new Verdict.Refused(new Refusal(code, message));
  }
}
