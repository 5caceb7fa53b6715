package io.easyagent.server.operation.store;

import io.easyagent.server.fleet.Scope;
import io.easyagent.server.fleet.SelectorCondition;
import io.easyagent.server.operation.Batch;
import io.easyagent.server.operation.BatchId;
import io.easyagent.server.operation.OperationKind;
import io.easyagent.server.operation.OperationState;
import io.easyagent.server.query.Page;
import io.easyagent.server.query.PageRequest;
import io.easyagent.server.store.Transaction;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Batches with the counts of their operations, but for those that are leaving. */
final class BatchQueries {
  private BatchQueries() {}

  static Optional<Batch> find(Transaction transaction, BatchId id) {
    return transaction
        .handle()
        .createQuery("SELECT * FROM batch WHERE id = :id AND leaving = 0")
        .bind("id", id.toString())
        .map((row, context) -> batch(row))
        .findOne()
        .map(batch -> counted(transaction, batch));
  }

  /** That every operation of a batch {@code b} is of a host within the scope. */
  static SelectorCondition within(Scope scope) {
    SelectorCondition condition = SelectorCondition.of(scope, "o.host_id");
    return scope.hosts().isEmpty()
        ? condition
        : new SelectorCondition(
            "NOT EXISTS (SELECT 1 FROM operation o WHERE o.batch_id = b.id AND NOT (%s))"
                .formatted(condition.sql()),
            condition.bindings());
  }

  static boolean isWithin(Transaction transaction, Scope scope, BatchId id) {
    if (scope.hosts().isEmpty()) {
      return true;
    }
    SelectorCondition condition = within(scope);
    return transaction
            .handle()
            .createQuery("SELECT COUNT(*) FROM batch b WHERE b.id = :id AND " + condition.sql())
            .bindMap(condition.bindings())
            .bind("id", id.toString())
            .mapTo(Long.class)
            .one()
        > 0;
  }

  static Page<Batch> page(Transaction transaction, Scope scope, PageRequest request) {
    SelectorCondition condition = within(scope);
    long total =
        transaction
            .handle()
            .createQuery("SELECT COUNT(*) FROM batch b WHERE b.leaving = 0 AND " + condition.sql())
            .bindMap(condition.bindings())
            .mapTo(Long.class)
            .one();
    List<Batch> found =
        transaction
            .handle()
            .createQuery(
                "SELECT * FROM batch b WHERE b.leaving = 0 AND b.id < :after AND "
                    + condition.sql()
                    + " ORDER BY b.id DESC LIMIT :limit")
            .bindMap(condition.bindings())
            .bind("after", request.after(1).map(List::getFirst).orElse("~"))
            .bind("limit", request.limit() + 1)
            .map((row, context) -> batch(row))
            .list()
            .stream()
            .map(batch -> counted(transaction, batch))
            .toList();
    return Page.of(found, request, total, batch -> List.of(batch.id().toString()));
  }

  private static Batch counted(Transaction transaction, Batch batch) {
    Map<OperationState, Long> counts = new EnumMap<>(OperationState.class);
    transaction
        .handle()
        .createQuery(
            "SELECT state, COUNT(*) AS operations FROM operation"
                + " WHERE batch_id = :batch GROUP BY state")
        .bind("batch", batch.id().toString())
        .map((row, context) ->
            Map.entry(OperationState.valueOf(row.getString("state")), row.getLong("operations")))
        .forEach(entry -> counts.put(entry.getKey(), entry.getValue()));
    long offline =
        transaction
            .handle()
            .createQuery(
                "SELECT COUNT(*) FROM operation o JOIN host h ON h.id = o.host_id"
                    + " WHERE o.batch_id = :batch AND o.state IN ('QUEUED', 'SENT', 'RUNNING')"
                    + " AND h.status <> 'ONLINE'")
            .bind("batch", batch.id().toString())
            .mapTo(Long.class)
            .one();
    return new Batch(
        batch.id(),
        batch.kind(),
        batch.agent(),
        batch.target(),
        batch.createdBy(),
        batch.createdAt(),
        batch.deadline(),
        batch.total(),
        counts,
        offline);
  }

  private static Batch batch(ResultSet row) throws SQLException {
    return new Batch(
        BatchId.of(row.getString("id")),
        OperationKind.valueOf(row.getString("kind")),
        Optional.ofNullable(row.getString("agent_name")),
        row.getString("target"),
        row.getString("created_by"),
        Instant.ofEpochMilli(row.getLong("created_at")),
        Instant.ofEpochMilli(row.getLong("deadline")),
        row.getLong("total"),
        Map.of(),
        0);
  }
}
