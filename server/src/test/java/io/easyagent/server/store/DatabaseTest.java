package io.easyagent.server.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.easyagent.server.problem.ErrorCode;
import io.easyagent.server.problem.RefusedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatabaseTest {
  @TempDir private Path folder;

  private static void put(Transaction transaction, String name, String value) {
    transaction
        .handle()
        .execute("INSERT INTO server_state (name, value) VALUES (?, ?)", name, value);
  }

  private static long count(Transaction transaction) {
    return transaction
        .handle()
        .createQuery("SELECT COUNT(*) FROM server_state")
        .mapTo(Long.class)
        .one();
  }

  private Database open() {
    return Database.open(folder.resolve("server.db"));
  }

  @Test
  void everyConnectionSyncs() {
    try (Database database = open()) {
      Writer.Work<List<String>> pragmas =
          transaction ->
              List.of("synchronous", "journal_mode", "foreign_keys").stream()
                  .map(name ->
                      transaction.handle().createQuery("PRAGMA " + name).mapTo(String.class).one())
                  .toList();
      assertEquals(List.of("2", "wal", "1"), database.writer().write(pragmas));
      for (int i = 0; i < 8; i++) {
        assertEquals(List.of("2", "wal", "1"), database.read(pragmas));
      }
    }
  }

  @Test
  void aFailingWorkIsUndoneAlone() throws Exception {
    try (Database database = open()) {
      CountDownLatch gate = new CountDownLatch(1);
      Future<Boolean> holds =
          database
              .writer()
              .submit(transaction -> {
                awaitQuietly(gate);
                return true;
              });
      List<Future<Boolean>> group = new ArrayList<>();
      AtomicBoolean told = new AtomicBoolean();
      for (int i = 0; i < 10; i++) {
        int number = i;
        group.add(
            database
                .writer()
                .submit(transaction -> {
                  put(transaction, "key" + number, "value");
                  if (number == 5) {
                    transaction.afterCommit(() -> told.set(true));
                    throw new IllegalArgumentException("planted");
                  }
                  return true;
                }));
      }
      gate.countDown();
      holds.get();
      for (int i = 0; i < 10; i++) {
        if (i == 5) {
          ExecutionException failed =
              assertThrows(ExecutionException.class, () -> group.get(5).get());
          assertInstanceOf(IllegalArgumentException.class, failed.getCause());
        } else {
          assertTrue(group.get(i).get());
        }
      }
      assertEquals(9, database.<Long>read(DatabaseTest::count));
      assertFalse(told.get());
    }
  }

  @Test
  void aHeavyWorkEndsItsGroup() throws Exception {
    try (Database database = open()) {
      CountDownLatch gate = new CountDownLatch(1);
      AtomicBoolean committed = new AtomicBoolean();
      database
          .writer()
          .submit(transaction -> {
            awaitQuietly(gate);
            transaction.afterCommit(() -> committed.set(true));
            return parts(transaction, GroupWriter.MOST_PARTS_IN_GROUP - 1);
          });
      Future<Boolean> sameGroup =
          database
              .writer()
              .submit(transaction -> {
                parts(transaction, 1);
                return committed.get();
              });
      Future<Boolean> nextGroup = database.writer().submit(transaction -> committed.get());
      gate.countDown();

      assertFalse(sameGroup.get());
      assertTrue(nextGroup.get());
    }
  }

  private static boolean parts(Transaction transaction, int number) {
    for (int part = 0; part < number; part++) {
      assertEquals(Optional.empty(), transaction.attempt(() -> {}));
    }
    return true;
  }

  @Test
  void aFailureDoesNotSayWhatWasBound() {
    try (Database database = open()) {
      database.writer().run(transaction -> put(transaction, "key", "value"));

      RuntimeException failed =
          assertThrows(
              RuntimeException.class,
              () ->
                  database
                      .writer()
                      .run(transaction -> put(transaction, "key", "nobody's to read")));

      assertTrue(failed.getMessage().contains("server_state"), failed.getMessage());
      assertFalse(failed.getMessage().contains("nobody's"), failed.getMessage());
    }
  }

  @Test
  void aFullQueueRefusesTheNextWorkAndLosesNone() throws Exception {
    try (Database database = open()) {
      CountDownLatch gate = new CountDownLatch(1);
      CountDownLatch held = new CountDownLatch(1);
      AtomicInteger done = new AtomicInteger();
      database
          .writer()
          .submit(transaction -> {
            held.countDown();
            awaitQuietly(gate);
            return true;
          });
      awaitQuietly(held);
      List<Future<Integer>> waiting = new ArrayList<>();
      for (int i = 0; i < GroupWriter.MOST_WAITING; i++) {
        waiting.add(database.writer().submit(transaction -> done.incrementAndGet()));
      }

      RefusedException refused =
          assertThrows(
              RefusedException.class, () -> database.writer().write(transaction -> "too much"));

      assertEquals(ErrorCode.TOO_MANY_REQUESTS, refused.refusal().code());
      assertEquals(
          "the store is too busy: 50000 writes wait for it (expected: fewer; try again in a moment)",
          refused.refusal().message());
      gate.countDown();
      for (Future<Integer> each : waiting) {
        each.get();
      }
      assertEquals(GroupWriter.MOST_WAITING, done.get());
    }
  }

  @Test
  void anAnswerComesAfterTheCommit() {
    try (Database database = open()) {
      for (int i = 0; i < 50; i++) {
        int number = i;
        database.writer().run(transaction -> put(transaction, "key" + number, "value"));
        assertEquals(number + 1, database.<Long>read(DatabaseTest::count));
      }
    }
  }

  @Test
  void aPartFailsAlone() {
    try (Database database = open()) {
      database
          .writer()
          .run(transaction -> {
            put(transaction, "kept", "value");
            assertTrue(transaction.attempt(() -> put(transaction, "kept", "again")).isPresent());
            assertTrue(transaction.attempt(() -> put(transaction, "more", "value")).isEmpty());
          });
      assertEquals(2, database.<Long>read(DatabaseTest::count));
    }
  }

  /** What the last connection leaves when it is really closed: one file, complete. */
  @Test
  void closingLeavesOneFile() throws Exception {
    try (Database database = open()) {
      database.writer().run(transaction -> put(transaction, "key", "value"));
      database.<Long>read(DatabaseTest::count);
    }
    try (var files = Files.list(folder)) {
      assertEquals(List.of(folder.resolve("server.db")), files.toList());
    }
    try (Database database = open()) {
      assertEquals(1, database.<Long>read(DatabaseTest::count));
    }
  }

  @Test
  void readersCannotWrite() {
    try (Database database = open()) {
      assertThrows(
          RuntimeException.class,
          () ->
              database.read(transaction -> {
                put(transaction, "key", "value");
                return true;
              }));
      assertEquals(0, database.<Long>read(DatabaseTest::count));
    }
  }

  /** The page limit of one connection stands in for a full disk: SQLite answers the same. */
  @Test
  void aFullDiskIsSaidAndLosesNothing() {
    try (Database database = open()) {
      database.writer().run(transaction -> put(transaction, "before", "value"));
      long pages =
          database
              .writer()
              .write(transaction ->
                  transaction.handle().createQuery("PRAGMA page_count").mapTo(Long.class).one());
      database
          .writer()
          .run(transaction ->
              transaction
                  .handle()
                  .createQuery("PRAGMA max_page_count = " + (pages + 8))
                  .mapTo(Long.class)
                  .one());
      long accepted = 0;
      RefusedException full = null;
      while (full == null) {
        assertTrue(accepted < 1000, "never full");
        long number = accepted;
        try {
          database.writer().run(transaction -> put(transaction, "key" + number, "x".repeat(4000)));
          accepted++;
        } catch (RefusedException refused) {
          full = refused;
        }
      }
      assertEquals(ErrorCode.STORAGE_FULL, full.refusal().code());
      assertEquals(accepted + 1, database.<Long>read(DatabaseTest::count));
      database.writer().run(transaction -> put(transaction, "after", "value"));
      assertEquals(accepted + 2, database.<Long>read(DatabaseTest::count));
    }
  }

  @Test
  void refusesASchemaOfANewerServer() throws Exception {
    open().close();
    try (Connection connection =
            DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("server.db"));
        var statement = connection.createStatement()) {
      statement.execute(
          "INSERT INTO flyway_schema_history (installed_rank, version, description, type, script,"
              + " checksum, installed_by, execution_time, success)"
              + " VALUES (999, '999', 'later', 'SQL', 'V999__later.sql', 1, 'x', 1, 1)");
    }
    IllegalStateException refused = assertThrows(IllegalStateException.class, this::open);
    assertTrue(refused.getMessage().contains("schema version 999"), refused.getMessage());
  }

  @Test
  void oneServerForEachDataFolder() {
    try (DataFolder held = DataFolder.open(folder.resolve("data"))) {
      IllegalStateException refused =
          assertThrows(IllegalStateException.class, () -> DataFolder.open(held.root()));
      assertTrue(refused.getMessage().contains("in use"), refused.getMessage());
    }
    DataFolder.open(folder.resolve("data")).close();
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
