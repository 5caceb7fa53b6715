package io.easyagent.server.apply.api;

import io.easyagent.api.ApplyResult;
import io.easyagent.server.apply.PlannedItem;
import io.easyagent.server.fleet.HostId;
import io.easyagent.server.operation.Batch;
import io.easyagent.server.operation.Command;
import io.easyagent.server.operation.NewBatch;
import io.easyagent.server.operation.NewBatch.IdempotencyKey;
import io.easyagent.server.operation.NewBatch.Order;
import io.easyagent.server.operation.Operation;
import io.easyagent.server.operation.OperationKind;
import io.easyagent.server.operation.Operations;
import io.easyagent.server.operation.Submission;
import io.easyagent.server.store.Writer;
import io.easyagent.server.transport.resource.OperationResources;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Submits a plan: one batch for each kind and agent, all stored together. */
final class ApplySubmission {
  private final Operations operations;
  private final AppliedBatches applied;
  private final String caller;
  private final String target;
  private final Duration timeout;
  private final Optional<IdempotencyKey> key;
  private final List<io.easyagent.api.Batch> batches = new ArrayList<>();
  private final Map<Place, Outcome> outcomes = new HashMap<>();

  ApplySubmission(
      Operations operations,
      String caller,
      String target,
      Duration timeout,
      Optional<IdempotencyKey> key) {
    this.operations = operations;
    this.applied = new AppliedBatches(operations);
    this.caller = caller;
    this.target = target;
    this.timeout = timeout;
    this.key = key;
  }

  private record Group(OperationKind kind, String agent) {}

  private record Place(HostId host, String agent) {}

  private record Outcome(Optional<Operation> operation, Optional<String> refusal) {
    Optional<String> error() {
      return refusal.or(() -> operation.flatMap(AppliedBatches::error));
    }
  }

  /** That the caller may submit the plan; nothing is done. */
  void requireAllowed(List<PlannedItem> plan) {
    operations.requireAllowed(batches(groups(plan)));
  }

  /**
   * @param alongside done in the transaction that accepts
   */
  ApplyResult submit(List<PlannedItem> plan, Writer.Action alongside) {
    Map<Group, List<Order>> groups = groups(plan);
    List<Submission> submissions = operations.submitTogether(batches(groups), alongside);
    int next = 0;
    for (Map.Entry<Group, List<Order>> group : groups.entrySet()) {
      note(group.getKey(), group.getValue(), submissions.get(next));
      next++;
    }
    ApplyOutcome outcome = new ApplyOutcome();
    for (PlannedItem item : plan) {
      Outcome found =
          outcomes.getOrDefault(
              new Place(item.host().id(), item.agent()),
              new Outcome(Optional.empty(), Optional.empty()));
      outcome.add(item, found.operation().map(each -> each.id().value()), found.error());
    }
    return new ApplyResult(outcome.items(), batches);
  }

  /** In the order in which they are submitted. */
  private static Map<Group, List<Order>> groups(List<PlannedItem> plan) {
    Map<Group, List<Order>> groups = new LinkedHashMap<>();
    for (PlannedItem item : plan) {
      switch (item) {
        case PlannedItem.Create create ->
            add(groups, OperationKind.INSTALL, item, create.command());
        case PlannedItem.Change change ->
            add(groups, OperationKind.CONFIGURE, item, change.command());
        case PlannedItem.Unchanged _ -> {}
      }
    }
    return groups;
  }

  private List<NewBatch> batches(Map<Group, List<Order>> groups) {
    return groups.entrySet().stream()
        .map(group -> batch(group.getKey(), group.getValue()))
        .toList();
  }

  private static void add(
      Map<Group, List<Order>> groups, OperationKind kind, PlannedItem item, Command command) {
    groups
        .computeIfAbsent(new Group(kind, item.agent()), _ -> new ArrayList<>())
        .add(new Order(item.host().id(), command));
  }

  /** Each batch has a part of the key, so that a repeated apply repeats none of them. */
  private NewBatch batch(Group group, List<Order> orders) {
    return new NewBatch(
        group.kind(),
        Optional.of(group.agent()),
        target,
        caller,
        timeout,
        key.map(given -> given.part(group.kind() + "/" + group.agent())),
        orders);
  }

  private void note(Group group, List<Order> orders, Submission submission) {
    switch (submission) {
      case Submission.Accepted accepted -> note(group, accepted.batch());
      case Submission.AcceptedBefore before -> note(group, before.batch());
      case Submission.Refused refused ->
          orders.forEach(order ->
              outcomes.put(
                  new Place(order.host(), group.agent()),
                  new Outcome(Optional.empty(), Optional.of(refused.refusal().message()))));
    }
  }

  private void note(Group group, Batch batch) {
    batches.add(OperationResources.of(batch));
    applied.forEach(
        batch,
        operation ->
            outcomes.put(
                new Place(operation.host(), group.agent()),
                new Outcome(Optional.of(operation), Optional.empty())));
  }
}
