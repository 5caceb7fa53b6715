package io.easyagent.server.operation.store;

import io.easyagent.server.operation.BatchId;
import io.easyagent.server.operation.RetentionStore;
import io.easyagent.server.store.IdLists;
import io.easyagent.server.store.Transaction;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jdbi.v3.core.statement.PreparedBatch;

/** What is forgotten of batches, in SQL. Every query stops at its limit by way of an index. */
public final class SqlRetention implements RetentionStore {
  private static final String UNUSED =
      "NOT EXISTS (SELECT 1 FROM operation o WHERE o.command_digest = document.digest)"
          + " AND NOT EXISTS (SELECT 1 FROM agent a WHERE a.definition_digest = document.digest)";

  @Override
  public List<EndedBatch> endedBefore(Transaction transaction, Instant time, int most) {
    return transaction
        .handle()
        .createQuery(
            "SELECT b.id, b.total FROM batch b"
                + " WHERE b.leaving = 0 AND b.created_at < :time"
                + " AND NOT EXISTS (SELECT 1 FROM operation o WHERE o.batch_id = b.id"
                + " AND o.state IN ('QUEUED', 'SENT', 'RUNNING'))"
                + " AND COALESCE((SELECT o.finished_at FROM operation o WHERE o.batch_id = b.id"
                + " AND o.finished_number IS NOT NULL ORDER BY o.finished_number DESC LIMIT 1), 0)"
                + " < :time ORDER BY b.created_at LIMIT :most")
        .bind("time", time.toEpochMilli())
        .bind("most", most)
        .map(
            (row, context) -> new EndedBatch(BatchId.of(row.getString("id")), row.getLong("total")))
        .list();
  }

  @Override
  public long operations(Transaction transaction) {
    return one(transaction, "SELECT COALESCE(SUM(total), 0) FROM batch WHERE leaving = 0");
  }

  @Override
  public void leave(Transaction transaction, Collection<BatchId> batches) {
    if (batches.isEmpty()) {
      return;
    }
    PreparedBatch updates =
        transaction
            .handle()
            .prepareBatch("UPDATE batch SET leaving = 1, idempotency_key = NULL WHERE id = ?");
    batches.forEach(batch -> updates.add(batch.toString()));
    updates.execute();
  }

  @Override
  public int removeLeaving(Transaction transaction, int most) {
    record Row(String id, String command) {}
    List<Row> rows =
        transaction
            .handle()
            .createQuery(
                "SELECT o.id, o.command_digest FROM batch b JOIN operation o ON o.batch_id = b.id"
                    + " WHERE b.leaving = 1 LIMIT :most")
            .bind("most", most)
            .map((row, context) -> new Row(row.getString("id"), row.getString("command_digest")))
            .list();
    if (!rows.isEmpty()) {
      PreparedBatch deletes =
          transaction.handle().prepareBatch("DELETE FROM operation WHERE id = ?");
      Set<String> commands = new HashSet<>();
      for (Row row : rows) {
        deletes.add(row.id());
        commands.add(row.command());
      }
      deletes.execute();
      removeUnused(transaction, commands);
      return rows.size();
    }
    return transaction
        .handle()
        .execute(
            "DELETE FROM batch WHERE id IN (SELECT id FROM batch WHERE leaving = 1 LIMIT ?)", most);
  }

  @Override
  public long outputBytes(Transaction transaction) {
    return one(transaction, "SELECT COALESCE(SUM(size), 0) FROM output");
  }

  @Override
  public List<StoredOutput> outputsBefore(Transaction transaction, Instant time, int most) {
    return transaction
        .handle()
        .createQuery(
            "SELECT digest, last_used, size FROM output WHERE last_used < :time"
                + " AND digest NOT IN (SELECT o.output_digest FROM operation o"
                + " WHERE o.output_digest IS NOT NULL AND o.batch_id IN"
                + " (SELECT u.batch_id FROM operation u WHERE u.finished_at IS NULL))"
                + " ORDER BY last_used LIMIT :most")
        .bind("time", time.toEpochMilli())
        .bind("most", most)
        .map((row, context) ->
            new StoredOutput(
                row.getString("digest"),
                Instant.ofEpochMilli(row.getLong("last_used")),
                row.getLong("size")))
        .list();
  }

  @Override
  public int removeOutputs(Transaction transaction, Collection<StoredOutput> outputs) {
    if (outputs.isEmpty()) {
      return 0;
    }
    PreparedBatch deletes =
        transaction.handle().prepareBatch("DELETE FROM output WHERE digest = ? AND last_used = ?");
    outputs.forEach(output -> deletes.add(output.digest(), output.lastUsed().toEpochMilli()));
    int removed = 0;
    for (int count : deletes.execute()) {
      removed += count;
    }
    return removed;
  }

  @Override
  public List<String> documentsAfter(Transaction transaction, String digest, int most) {
    return transaction
        .handle()
        .createQuery(
            "SELECT digest FROM document WHERE digest > :digest ORDER BY digest LIMIT :most")
        .bind("digest", digest)
        .bind("most", most)
        .mapTo(String.class)
        .list();
  }

  @Override
  public List<String> unused(Transaction transaction, Collection<String> digests) {
    List<String> unused = new ArrayList<>();
    for (List<String> some : IdLists.of(digests)) {
      unused.addAll(
          transaction
              .handle()
              .createQuery("SELECT digest FROM document WHERE digest IN (<some>) AND " + UNUSED)
              .bindList("some", some)
              .mapTo(String.class)
              .list());
    }
    return unused;
  }

  @Override
  public int removeUnused(Transaction transaction, Collection<String> digests) {
    int removed = 0;
    for (List<String> some : IdLists.of(digests)) {
      removed +=
          transaction
              .handle()
              .createUpdate("DELETE FROM document WHERE digest IN (<some>) AND " + UNUSED)
              .bindList("some", some)
              .execute();
    }
    return removed;
  }

  private static long one(Transaction transaction, String query) {
    return transaction.handle().createQuery(query).mapTo(Long.class).one();
  }
}
