package io.easyagent.server.operation.store;

import io.easyagent.server.agent.AgentId;
import io.easyagent.server.fleet.HostId;
import io.easyagent.server.fleet.Scope;
import io.easyagent.server.fleet.SelectorCondition;
import io.easyagent.server.operation.Batch;
import io.easyagent.server.operation.BatchId;
import io.easyagent.server.operation.Command;
import io.easyagent.server.operation.End;
import io.easyagent.server.operation.Operation;
import io.easyagent.server.operation.OperationId;
import io.easyagent.server.operation.OperationQuery;
import io.easyagent.server.operation.OperationState;
import io.easyagent.server.operation.OperationStore;
import io.easyagent.server.operation.Operations;
import io.easyagent.server.operation.Output;
import io.easyagent.server.operation.ProcessEnd;
import io.easyagent.server.operation.WorkItem;
import io.easyagent.server.query.Page;
import io.easyagent.server.query.PageRequest;
import io.easyagent.server.store.Documents;
import io.easyagent.server.store.IdLists;
import io.easyagent.server.store.Transaction;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jdbi.v3.core.statement.Query;

/** Operations in SQL. What is read of batches for people is in {@link BatchQueries}. */
public final class SqlOperations implements OperationStore {
  private static final String WORK =
      "SELECT id, batch_id, kind, host_id, agent_id, state, deadline, command_digest, revision,"
          + " cancel_requested, sent_epoch FROM operation";
  private static final long MILLIS_A_MINUTE = 60_000;

  @Override
  public String putCommand(Transaction transaction, Command command) {
    return Documents.put(transaction, CommandText.write(command));
  }

  @Override
  public Command requireCommand(Transaction transaction, String digest) {
    return CommandText.read(
        Documents.find(transaction, digest)
            .orElseThrow(() -> new IllegalStateException("no command " + digest)));
  }

  @Override
  public void insertBatch(Transaction transaction, NewBatchRow row) {
    transaction
        .handle()
        .execute(
            "INSERT INTO batch (id, kind, agent_name, target, created_by, created_at, deadline,"
                + " total, idempotency_key, body_digest) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            row.id().toString(),
            row.batch().kind().name(),
            row.batch().agent().orElse(null),
            row.batch().target(),
            row.batch().createdBy(),
            row.createdAt().toEpochMilli(),
            row.deadline().toEpochMilli(),
            row.total(),
            row.batch().idempotencyKey().map(key -> key.key()).orElse(null),
            row.batch().idempotencyKey().map(key -> key.bodyDigest()).orElse(null));
  }

  @Override
  public void insert(Transaction transaction, List<NewOperationRow> rows) {
    PreparedBatch batch =
        transaction
            .handle()
            .prepareBatch(
                "INSERT INTO operation (id, batch_id, kind, host_id, host_name, agent_id,"
                    + " agent_name, command_digest, revision, state, created_at, deadline,"
                    + " sent_epoch, finished_at, finished_number, message)"
                    + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, ?, ?, ?)");
    long finished = 0;
    for (NewOperationRow row : rows) {
      boolean refused = row.refused().isPresent();
      finished += refused ? 1 : 0;
      batch.add(
          row.id().toString(),
          row.batch().toString(),
          row.kind().name(),
          row.host().toString(),
          row.hostName(),
          row.agent().map(AgentId::toString).orElse(null),
          row.agentName().orElse(null),
          row.digest(),
          row.revision(),
          (refused ? OperationState.FAILED : OperationState.QUEUED).name(),
          row.createdAt().toEpochMilli(),
          row.deadline().toEpochMilli(),
          refused ? row.createdAt().toEpochMilli() : null,
          refused ? finished : null,
          row.refused().orElse(""));
    }
    batch.execute();
  }

  @Override
  public Optional<KeyedBatch> findByKey(Transaction transaction, String createdBy, String key) {
    return transaction
        .handle()
        .createQuery(
            "SELECT id, body_digest FROM batch"
                + " WHERE created_by = :createdBy AND idempotency_key = :key")
        .bind("createdBy", createdBy)
        .bind("key", key)
        .map((row, context) ->
            new KeyedBatch(BatchId.of(row.getString("id")), row.getString("body_digest")))
        .findOne();
  }

  @Override
  public List<KeyedBatch> findByKeyAndParts(Transaction transaction, String createdBy, String key) {
    return transaction
        .handle()
        .createQuery(
            "SELECT id, body_digest FROM batch WHERE created_by = :createdBy AND (idempotency_key ="
                + " :key OR idempotency_key >= :first AND idempotency_key < :end) ORDER BY id")
        .bind("createdBy", createdBy)
        .bind("key", key)
        .bind("first", key + "/")
        .bind("end", key + (char) ('/' + 1))
        .map((row, context) ->
            new KeyedBatch(BatchId.of(row.getString("id")), row.getString("body_digest")))
        .list();
  }

  @Override
  public Optional<WorkItem> findWork(Transaction transaction, OperationId id) {
    return transaction
        .handle()
        .createQuery(WORK + " WHERE id = :id")
        .bind("id", id.toString())
        .map((row, context) -> OperationRows.workItem(row))
        .findOne();
  }

  @Override
  public Map<HostId, List<WorkItem>> unfinished(Transaction transaction, Collection<HostId> hosts) {
    Map<HostId, List<WorkItem>> found = new HashMap<>();
    for (List<String> some : IdLists.of(hosts)) {
      work(transaction
              .handle()
              .createQuery(
                  WORK
                      + " WHERE finished_at IS NULL AND host_id IN (<hosts>)"
                      + " ORDER BY host_id, id")
              .bindList("hosts", some))
          .forEach(item -> found.computeIfAbsent(item.host(), _ -> new ArrayList<>()).add(item));
    }
    return found;
  }

  @Override
  public List<WorkItem> unfinished(Transaction transaction, BatchId batch) {
    return work(
        transaction
            .handle()
            .createQuery(WORK + " WHERE batch_id = :batch AND finished_at IS NULL ORDER BY id")
            .bind("batch", batch.toString()));
  }

  @Override
  public List<WorkItem> queued(Transaction transaction, AgentId agent) {
    return work(
        transaction
            .handle()
            .createQuery(WORK + " WHERE agent_id = :agent AND state = 'QUEUED' ORDER BY id")
            .bind("agent", agent.toString()));
  }

  @Override
  public List<WorkItem> queuedUntil(Transaction transaction, Instant time, int limit) {
    return work(
        transaction
            .handle()
            .createQuery(
                WORK
                    + " WHERE state = 'QUEUED' AND deadline <= :time"
                    + " ORDER BY deadline LIMIT :limit")
            .bind("time", time.toEpochMilli())
            .bind("limit", limit));
  }

  private static List<WorkItem> work(Query query) {
    return query.map((row, context) -> OperationRows.workItem(row)).list();
  }

  @Override
  public List<HostId> hostsWithWork(Transaction transaction) {
    return transaction
        .handle()
        .createQuery("SELECT DISTINCT host_id FROM operation WHERE finished_at IS NULL")
        .map((row, context) -> HostId.of(row.getString(1)))
        .list();
  }

  @Override
  public List<HostId> hostsGoneSince(Transaction transaction, Instant time) {
    return transaction
        .handle()
        .createQuery(
            "SELECT DISTINCT o.host_id FROM operation o JOIN host h ON h.id = o.host_id"
                + " WHERE o.finished_at IS NULL AND o.state <> 'QUEUED'"
                + " AND h.status <> 'ONLINE' AND h.status_since < :time")
        .bind("time", time.toEpochMilli())
        .map((row, context) -> HostId.of(row.getString(1)))
        .list();
  }

  @Override
  public Map<HostId, Long> countUnfinished(Transaction transaction, Collection<HostId> hosts) {
    Map<HostId, Long> counts = new HashMap<>();
    for (List<String> some : IdLists.of(hosts)) {
      transaction
          .handle()
          .createQuery(
              "SELECT host_id, COUNT(*) AS operations FROM operation"
                  + " WHERE finished_at IS NULL AND host_id IN (<hosts>) GROUP BY host_id")
          .bindList("hosts", some)
          .map((row, context) ->
              Map.entry(HostId.of(row.getString("host_id")), row.getLong("operations")))
          .forEach(entry -> counts.put(entry.getKey(), entry.getValue()));
    }
    return counts;
  }

  @Override
  public Map<OperationState, Long> countUnfinished(Transaction transaction) {
    Map<OperationState, Long> counts = new EnumMap<>(OperationState.class);
    transaction
        .handle()
        .createQuery(
            "SELECT state, COUNT(*) AS operations FROM operation"
                + " WHERE finished_at IS NULL GROUP BY state")
        .map((row, context) ->
            Map.entry(OperationState.valueOf(row.getString("state")), row.getLong("operations")))
        .forEach(entry -> counts.put(entry.getKey(), entry.getValue()));
    return counts;
  }

  @Override
  public long countUpgradingTo(Transaction transaction, String packageReference) {
    Map<String, Long> counts = new HashMap<>();
    transaction
        .handle()
        .createQuery(
            "SELECT command_digest, COUNT(*) AS operations FROM operation"
                + " WHERE finished_at IS NULL AND kind = 'UPGRADE_SIDECAR' GROUP BY command_digest")
        .map(
            (row, context) -> Map.entry(row.getString("command_digest"), row.getLong("operations")))
        .forEach(entry -> counts.put(entry.getKey(), entry.getValue()));
    return counts.entrySet().stream()
        .filter(entry ->
            requireCommand(transaction, entry.getKey()) instanceof Command.UpgradeSidecar upgrade
                && upgrade.distribution().reference().equals(packageReference))
        .mapToLong(Map.Entry::getValue)
        .sum();
  }

  @Override
  public boolean queuedToSent(Transaction transaction, OperationId id, long epoch, Instant now) {
    return transaction
            .handle()
            .execute(
                "UPDATE operation SET state = 'SENT', sent_at = ?, sent_epoch = ?"
                    + " WHERE id = ? AND state = 'QUEUED'",
                now.toEpochMilli(),
                epoch,
                id.toString())
        == 1;
  }

  @Override
  public boolean sentAgain(Transaction transaction, OperationId id, long epoch) {
    return transaction
            .handle()
            .execute(
                "UPDATE operation SET sent_epoch = ?"
                    + " WHERE id = ? AND state = 'SENT' AND sent_epoch < ?",
                epoch,
                id.toString(),
                epoch)
        == 1;
  }

  @Override
  public void hostHasIt(Transaction transaction, OperationId id, long epoch) {
    transaction
        .handle()
        .execute(
            "UPDATE operation SET sent_epoch = ? WHERE id = ? AND finished_at IS NULL",
            epoch,
            id.toString());
  }

  @Override
  public boolean sentToRunning(Transaction transaction, OperationId id, Instant now) {
    return transaction
            .handle()
            .execute(
                "UPDATE operation SET state = 'RUNNING', started_at = ?"
                    + " WHERE id = ? AND state = 'SENT'",
                now.toEpochMilli(),
                id.toString())
        == 1;
  }

  @Override
  public boolean finish(
      Transaction transaction, WorkItem item, OperationState state, End end, Instant now) {
    EndColumns columns = EndColumns.of(end.processEnd());
    return transaction
            .handle()
            .execute(
                "UPDATE operation SET state = ?, finished_at = ?, finished_number ="
                    + " (SELECT COALESCE(MAX(o.finished_number), 0) + 1 FROM operation o"
                    + " WHERE o.batch_id = operation.batch_id"
                    + " AND o.finished_number IS NOT NULL),"
                    + " started_at = COALESCE(started_at, ?), message = ?, end_kind = ?,"
                    + " end_value = ?, end_reason = ?, output_digest = ?"
                    + " WHERE id = ? AND state = ?",
                state.name(),
                now.toEpochMilli(),
                end.startedAt().map(Instant::toEpochMilli).orElse(null),
                end.message(),
                columns.kind().orElse(null),
                columns.value().orElse(null),
                columns.reason().orElse(null),
                putOutput(transaction, end.output(), now).orElse(null),
                item.id().toString(),
                item.state().name())
        == 1;
  }

  /** The time of an output's last use is kept to the minute: a batch's equal ones are one write. */
  private static Optional<String> putOutput(Transaction transaction, Output output, Instant now) {
    if (output.isEmpty()) {
      return Optional.empty();
    }
    byte[] lengths =
        ByteBuffer.allocate(12).putLong(output.totalBytes()).putInt(output.head().length).array();
    String digest = Documents.sha256(lengths, output.head(), output.tail());
    transaction
        .handle()
        .execute(
            "INSERT INTO output (digest, head, tail, total_bytes, last_used, size)"
                + " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (digest)"
                + " DO UPDATE SET last_used = excluded.last_used"
                + " WHERE output.last_used <= excluded.last_used - ?",
            digest,
            output.head(),
            output.tail(),
            output.totalBytes(),
            now.toEpochMilli(),
            output.head().length + output.tail().length,
            MILLIS_A_MINUTE);
    return Optional.of(digest);
  }

  @Override
  public void requestCancel(Transaction transaction, OperationId id, Instant now) {
    transaction
        .handle()
        .execute(
            "UPDATE operation SET cancel_requested = ?"
                + " WHERE id = ? AND finished_at IS NULL AND cancel_requested IS NULL",
            now.toEpochMilli(),
            id.toString());
  }

  @Override
  public Optional<Batch> findBatch(Transaction transaction, BatchId id) {
    return BatchQueries.find(transaction, id);
  }

  @Override
  public boolean isWithin(Transaction transaction, Scope scope, BatchId id) {
    return BatchQueries.isWithin(transaction, scope, id);
  }

  @Override
  public List<BatchId> findBatchIds(
      Transaction transaction, Scope scope, String prefix, int limit) {
    SelectorCondition within = BatchQueries.within(scope);
    SelectorCondition seen =
        new SelectorCondition("b.leaving = 0 AND (" + within.sql() + ")", within.bindings());
    return findIdTexts(transaction, "batch b", "b.id", seen, prefix, limit).stream()
        .map(BatchId::of)
        .toList();
  }

  @Override
  public Page<Batch> pageBatches(Transaction transaction, Scope scope, PageRequest request) {
    return BatchQueries.page(transaction, scope, request);
  }

  @Override
  public Optional<Operation> find(Transaction transaction, OperationId id) {
    Optional<Output> output =
        transaction
            .handle()
            .createQuery(
                "SELECT u.* FROM output u JOIN operation o ON o.output_digest = u.digest"
                    + " WHERE o.id = :id")
            .bind("id", id.toString())
            .map((row, context) -> OperationRows.output(row))
            .findOne();
    return transaction
        .handle()
        .createQuery("SELECT * FROM operation WHERE id = :id")
        .bind("id", id.toString())
        .map((row, context) ->
            OperationRows.operation(
                row, output.isPresent() ? output : OperationRows.missingOutput(row)))
        .findOne();
  }

  @Override
  public List<OperationId> findIds(Transaction transaction, Scope scope, String prefix, int limit) {
    return findIdTexts(
            transaction,
            "operation o",
            "o.id",
            SelectorCondition.of(scope, "o.host_id"),
            prefix,
            limit)
        .stream()
        .map(OperationId::of)
        .toList();
  }

  private static List<String> findIdTexts(
      Transaction transaction,
      String table,
      String id,
      SelectorCondition condition,
      String prefix,
      int limit) {
    return transaction
        .handle()
        .createQuery(
            "SELECT %2$s FROM %1$s WHERE %2$s >= :prefix AND %2$s < :end AND %3$s ORDER BY %2$s LIMIT :limit"
                .formatted(table, id, condition.sql()))
        .bindMap(condition.bindings())
        .bind("prefix", prefix)
        .bind("end", prefix + "~")
        .bind("limit", limit)
        .mapTo(String.class)
        .list();
  }

  @Override
  public Page<Operation> page(
      Transaction transaction, Scope scope, OperationQuery query, PageRequest request) {
    Map<String, String> bindings = new HashMap<>();
    query.batch().ifPresent(batch -> bindings.put("batch_id", batch.toString()));
    query.state().ifPresent(state -> bindings.put("state", state.name()));
    query.host().ifPresent(host -> bindings.put("host_id", host.toString()));
    query.agent().ifPresent(agent -> bindings.put("agent_id", agent.toString()));
    List<String> parts = new ArrayList<>(List.of("1 = 1"));
    bindings.keySet().forEach(column -> parts.add(column + " = :" + column));
    SelectorCondition condition = SelectorCondition.of(scope, "o.host_id");
    parts.add(condition.sql());
    bindings.putAll(condition.bindings());
    String where = " FROM operation o WHERE " + String.join(" AND ", parts);
    long total =
        transaction
            .handle()
            .createQuery("SELECT COUNT(*)" + where)
            .bindMap(bindings)
            .mapTo(Long.class)
            .one();
    List<Operation> found =
        transaction
            .handle()
            .createQuery("SELECT *" + where + " AND id > :after ORDER BY id LIMIT :limit")
            .bindMap(bindings)
            .bind("after", request.after(1).map(List::getFirst).orElse(""))
            .bind("limit", request.limit() + 1)
            .map((row, context) -> OperationRows.operation(row, Optional.empty()))
            .list();
    return Page.of(found, request, total, operation -> List.of(operation.id().toString()));
  }

  @Override
  public List<Operations.Finished> finishedAfter(
      Transaction transaction, BatchId batch, long number, int limit) {
    return transaction
        .handle()
        .createQuery(
            "SELECT * FROM operation WHERE batch_id = :batch AND finished_number > :number"
                + " ORDER BY finished_number LIMIT :limit")
        .bind("batch", batch.toString())
        .bind("number", number)
        .bind("limit", limit)
        .map((row, context) ->
            new Operations.Finished(
                OperationRows.operation(row, Optional.empty()),
                Long.toString(row.getLong("finished_number"))))
        .list();
  }

  /** What ended a process, in columns. */
  private record EndColumns(
      Optional<String> kind, Optional<Integer> value, Optional<String> reason) {
    static EndColumns of(Optional<ProcessEnd> end) {
      if (end.isEmpty()) {
        return new EndColumns(Optional.empty(), Optional.empty(), Optional.empty());
      }
      return switch (end.get()) {
        case ProcessEnd.Exited(int status) -> number(OperationRows.EXITED, status);
        case ProcessEnd.Signalled(int signal) -> number(OperationRows.SIGNALLED, signal);
        case ProcessEnd.Unknown(String reason) -> reason(OperationRows.UNKNOWN, reason);
        case ProcessEnd.NotStarted(String reason) -> reason(OperationRows.NOT_STARTED, reason);
      };
    }

    private static EndColumns number(String kind, int value) {
      return new EndColumns(Optional.of(kind), Optional.of(value), Optional.empty());
    }

    private static EndColumns reason(String kind, String reason) {
      return new EndColumns(Optional.of(kind), Optional.empty(), Optional.of(reason));
    }
  }
}
