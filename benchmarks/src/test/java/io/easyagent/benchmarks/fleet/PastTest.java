package io.easyagent.benchmarks.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.easyagent.server.access.Audit;
import io.easyagent.server.access.store.SqlAudit;
import io.easyagent.server.operation.Operation;
import io.easyagent.server.operation.OperationId;
import io.easyagent.server.operation.store.SqlOperations;
import io.easyagent.server.store.Database;
import io.easyagent.server.telemetry.store.SqlEvents;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The server's own code reads what was written into its tables. */
class PastTest {
  private static final Instant UNTIL = Instant.parse("2026-01-31T00:00:00Z");

  @Test
  void aServerTakesItForItsOwn(@TempDir Path folder) {
    Path store = folder.resolve("server.db");
    Database.open(store).close();

    new Past(2_500, 500, 64, 1_200, 30).writeTo(store, UNTIL);

    try (Database database = Database.open(store)) {
      assertEquals(1_200, database.read(new SqlEvents()::lastId));
      Operation first = operation(database, 0);
      Operation last = operation(database, 2_499);
      assertEquals(UNTIL.minus(Duration.ofDays(29)), first.createdAt());
      assertTrue(last.createdAt().isBefore(UNTIL), last::toString);
      assertEquals(Optional.empty(), first.output());
      assertEquals(64, last.output().orElseThrow().totalBytes());
      assertEquals(2_500L, count(database, "operation"));
      assertEquals(3L, count(database, "batch"));
      Audit audit = new Audit(new SqlAudit(), database, database.writer(), () -> UNTIL);
      assertEquals(Optional.empty(), audit.verify(Optional.empty()).fault());
      assertEquals(30, audit.head().sequence());
    }
  }

  private static Operation operation(Database database, int number) {
    OperationId id = OperationId.of("01900000-0000-7000-8000-%012x".formatted(number));
    return database.read(transaction -> new SqlOperations().find(transaction, id).orElseThrow());
  }

  private static long count(Database database, String table) {
    return database.read(transaction ->
        transaction.handle().createQuery("SELECT COUNT(*) FROM " + table).mapTo(Long.class).one());
  }
}
