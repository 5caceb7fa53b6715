package io.easyagent.cli.batch;

import io.easyagent.api.Operation;
import io.easyagent.api.Page;
import io.easyagent.cli.console.Figures;
import io.easyagent.cli.console.ShortIds;
import io.easyagent.cli.console.Table;
import io.easyagent.cli.progress.OperationText;
import io.easyagent.cli.session.Session;
import java.time.Duration;
import java.time.Instant;

/** Operations as a table, and the line below it. */
final class OperationTable {
  private OperationTable() {}

  static void print(Session session, Page<Operation> operations) {
    ShortIds ids = ShortIds.of(operations.items().stream().map(Operation::id).toList());
    Table table =
        new Table()
            .column("OPERATION")
            .column("WHAT")
            .flexible("HOST")
            .column("STATE")
            .column("AT")
            .column("TOOK")
            .flexible("CAUSE");
    for (Operation operation : operations.items()) {
      table.row(
          ids.of(operation.id()),
          subject(operation),
          operation.hostName(),
          new Table.Cell(OperationText.tint(operation.state()), operation.state().name()),
          Figures.fullTime(operation.createdAt(), session.zone()),
          took(operation, session.now()),
          OperationText.cause(operation));
    }
    if (!operations.items().isEmpty()) {
      session.console().print(table);
    }
    session
        .console()
        .print(
            operations.items().size() < operations.total()
                ? Figures.count(operations.items().size())
                    + " of "
                    + Figures.count(operations.total(), "operation")
                : Figures.count(operations.total(), "operation"));
  }

  static String subject(Operation operation) {
    return operation.kind() + operation.agent().map(agent -> " " + agent).orElse("");
  }

  static String took(Operation operation, Instant now) {
    return operation
        .startedAt()
        .map(started ->
            Figures.duration(Duration.between(started, operation.finishedAt().orElse(now))))
        .orElse("-");
  }
}
