package io.easyagent.server.apply.api;

import io.easyagent.api.ApplyResult;
import io.easyagent.api.ApplyResult.Change;
import io.easyagent.api.ApplyResult.Item;
import io.easyagent.server.operation.Batch;
import io.easyagent.server.operation.Operation;
import io.easyagent.server.operation.OperationKind;
import io.easyagent.server.operation.OperationQuery;
import io.easyagent.server.operation.OperationState;
import io.easyagent.server.operation.Operations;
import io.easyagent.server.query.Page;
import io.easyagent.server.query.PageRequest;
import io.easyagent.server.transport.resource.OperationResources;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Reads what an apply has made. */
final class AppliedBatches {
  private final Operations operations;

  AppliedBatches(Operations operations) {
    this.operations = operations;
  }

  /** The answer to a repeated apply: its operations as they are now, without differences. */
  ApplyResult again(List<Batch> batches) {
    List<Item> items = new ArrayList<>();
    for (Batch batch : batches) {
      forEach(batch, operation -> items.add(item(operation)));
    }
    return new ApplyResult(items, batches.stream().map(OperationResources::of).toList());
  }

  private static Item item(Operation operation) {
    Optional<String> error = error(operation);
    Change done = operation.kind() == OperationKind.INSTALL ? Change.created : Change.changed;
    return new Item(
        operation.host().value(),
        operation.hostName(),
        operation.agentName().orElse(""),
        error.isPresent() ? Change.failed : done,
        "",
        Optional.of(operation.id().value()),
        error);
  }

  /** Why it failed; empty when it did not. */
  static Optional<String> error(Operation operation) {
    return operation.state() == OperationState.FAILED
        ? Optional.of(operation.message())
        : Optional.empty();
  }

  void forEach(Batch batch, Consumer<Operation> each) {
    Optional<String> cursor = Optional.empty();
    do {
      Page<Operation> page =
          operations.page(
              OperationQuery.ofBatch(batch.id()), new PageRequest(PageRequest.MOST, cursor));
      page.items().forEach(each);
      cursor = page.next();
    } while (cursor.isPresent());
  }
}
