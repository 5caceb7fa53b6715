package io.easyagent.benchmarks.fleet;

import io.easyagent.server.access.Audit;
import io.easyagent.server.access.AuditEntry;
import io.easyagent.server.access.store.SqlAudit;
import io.easyagent.server.operation.Command;
import io.easyagent.server.operation.Command.Exec.Work;
import io.easyagent.server.operation.store.SqlOperations;
import io.easyagent.server.store.Database;
import io.easyagent.server.store.Writer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a server has seen that has run for a month: ended operations with their outputs, events and
 * audit entries. Their hosts are gone.
 *
 * @param operations in batches of a thousand
 * @param outputs of the youngest operations
 */
record Past(long operations, long outputs, int outputBytes, long events, long auditEntries) {
  private static final Duration SPAN = Duration.ofDays(29);
  private static final int ROWS_AT_ONCE = 50_000;
  private static final int ENTRIES_AT_ONCE = 2_000;

  /** As much as a server keeps at most. */
  static final Past LIMITS = new Past(1_000_000, 240_000, 4_096, 1_000_000, 1_000_000);

  Past percent(int percent) {
    return new Past(
        operations * percent / 100,
        outputs * percent / 100,
        outputBytes,
        events * percent / 100,
        auditEntries * percent / 100);
  }

  /**
   * Writes it into a store that a server made, and that no server has open now.
   *
   * @param until when the last of it happened
   */
  void writeTo(Path store, Instant until) {
    try (Database database = Database.open(store)) {
      Writer writer = database.writer();
      String digest =
          writer.write(transaction ->
              new SqlOperations()
                  .putCommand(
                      transaction,
                      new Command.Exec(
                          new Work.Arguments(List.of("/bin/true")), Optional.empty(), Map.of())));
      insert(writer, PastRows.EVENT, events, until, Map.of());
      insert(writer, PastRows.OUTPUT, outputs, until, Map.of("bytes", outputBytes));
      insert(writer, PastRows.BATCH, operations, until, Map.of());
      insert(
          writer,
          PastRows.OPERATION,
          operations,
          until,
          Map.of("digest", digest, "plain", operations - outputs));
      audit(database, until);
    }
  }

  private static void insert(
      Writer writer, PastRows rows, long count, Instant until, Map<String, ?> bindings) {
    for (long first = 0; first < count; first += ROWS_AT_ONCE) {
      long begins = first;
      writer.run(transaction -> {
        var insert =
            transaction
                .handle()
                .createUpdate(rows.sql())
                .bind("first", begins)
                .bind("last", Math.min(count, begins + ROWS_AT_ONCE) - 1)
                .bind("all", count)
                .bind("begin", until.minus(SPAN).toEpochMilli())
                .bind("span", SPAN.toMillis());
        bindings.forEach(insert::bind);
        insert.execute();
      });
    }
  }

  private void audit(Database database, Instant until) {
    Audit audit = new Audit(new SqlAudit(), database, database.writer(), () -> until);
    AuditEntry.Origin origin = new AuditEntry.Origin("admin", "192.0.2.1");
    AuditEntry.Act act = new AuditEntry.Act("batch.exec", "-l role=web /bin/true", 1_000);
    for (long written = 0; written < auditEntries; written += ENTRIES_AT_ONCE) {
      long some = Math.min(ENTRIES_AT_ONCE, auditEntries - written);
      database
          .writer()
          .run(transaction -> {
            for (long each = 0; each < some; each++) {
              audit.append(transaction, origin, act);
            }
          });
    }
  }
}
