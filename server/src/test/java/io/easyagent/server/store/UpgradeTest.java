package io.easyagent.server.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.easyagent.testkit.FakeClock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.callback.Callback;
import org.flywaydb.core.api.callback.Context;
import org.flywaydb.core.api.callback.Event;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The store of the first release, opened by this one. */
class UpgradeTest {
  private static final String FIRST_SCHEMA = "2";

  private final FakeClock clock = new FakeClock();
  @TempDir private Path folder;
  private Path store;
  private UpgradeBackups backups;

  @BeforeEach
  void aStoreOfTheFirstRelease() throws Exception {
    store = folder.resolve("server.db");
    backups = new UpgradeBackups(folder.resolve("backups"), 2, clock);
    makeOld(store);
  }

  private static void makeOld(Path file) throws Exception {
    SqliteConnections connections = new SqliteConnections(file);
    Flyway.configure()
        .dataSource(connections.dataSource())
        .locations("classpath:db/migration")
        .placeholders(Map.of("bytes", "BLOB", "sequence", "INTEGER"))
        .target(FIRST_SCHEMA)
        .load()
        .migrate();
    try (Connection connection = connections.open();
        Statement statement = connection.createStatement()) {
      statement.execute(
          "INSERT INTO host (id, name, status, status_since, enrolled_at, session_epoch,"
              + " inventory_epoch, machine_id, boot_id, capabilities, conditions)"
              + " VALUES ('h', 'web-1', 'OFFLINE', 1, 1, 7, 7, 'm', 'b', '[]', '[]')");
      statement.execute("INSERT INTO host_label VALUES ('h', 'role', 'web')");
      statement.execute(
          "INSERT INTO enroll_token VALUES ('t', 'hash', '{}', 3, 2, '[]', 1, 2, 'anna')");
      statement.execute("INSERT INTO operator_token VALUES ('o', 'anna', 'ADMIN', 1, 'h', 1, 2)");
      statement.execute("INSERT INTO audit_entry VALUES (1, 1, 'a', 'b', 'c', 'd', 0, 'hash')");
      statement.execute(
          "INSERT INTO event VALUES (12, 1, 1, 'h', 'web-1', 'a', 'filebeat', 'exited', 'exit 1')");
    }
  }

  private static List<String> data(Path file) {
    try (Database database = Database.open(file)) {
      return read(database);
    }
  }

  private static List<String> read(Database database) {
    return database.read(transaction ->
        transaction
            .handle()
            .createQuery(
                "SELECT name || session_epoch FROM host UNION ALL SELECT value FROM host_label"
                    + " UNION ALL SELECT id || uses_left FROM enroll_token"
                    + " UNION ALL SELECT name || role FROM operator_token"
                    + " UNION ALL SELECT hash FROM audit_entry"
                    + " UNION ALL SELECT id || host_name || agent_name || kind FROM event")
            .mapTo(String.class)
            .list());
  }

  private static final List<String> ALL =
      List.of("web-17", "web", "t2", "annaADMIN", "hash", "12web-1filebeatexited");

  private List<Path> copies() throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve("backups"))) {
      return files.sorted().toList();
    }
  }

  @Test
  void aStoreIsCopiedThenUpgradedWithEverythingInIt() throws Exception {
    try (Database database = Database.open(store, backups)) {
      assertEquals(ALL, read(database));
    }
    assertEquals(1, copies().size());
    Path copy = copies().getFirst();
    assertEquals(
        "before-upgrade-19700101T000000Z-schema-2.db".substring(0, 15),
        copy.getFileName().toString().substring(0, 15));
    assertTrue(copy.toString().endsWith("-schema-" + FIRST_SCHEMA + ".db"), copy.toString());
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(copy)));
    assertEquals(FIRST_SCHEMA, StoreFile.facts(copy).schema());
    assertEquals(ALL, data(copy));

    try (Database again = Database.open(store, backups)) {
      assertEquals(ALL, read(again));
    }
    assertEquals(1, copies().size(), "nothing was to be upgraded");
  }

  @Test
  void aNewStoreHasNothingToBeCopied() throws Exception {
    try (Database database = Database.open(folder.resolve("new.db"), backups)) {
      assertEquals(List.of(), read(database));
    }
    assertTrue(Files.notExists(folder.resolve("backups")));
  }

  @Test
  void theLatestFewCopiesAreKept() throws Exception {
    for (int i = 0; i < 4; i++) {
      Path file = folder.resolve("old" + i);
      makeOld(file);
      clock.advance(Duration.ofMinutes(1));
      Database.open(file, backups).close();
    }
    assertEquals(2, copies().size());
  }

  /** What a killed server leaves at the n-th statement is what the files hold at that moment. */
  @Test
  void anUpgradeThatIsCutOffAtAnyStatementGoesOn() throws Exception {
    AtomicInteger statements = new AtomicInteger();
    Database.open(
            store,
            Optional.empty(),
            new Cut(number -> {
              Path cut = Files.createDirectory(folder.resolve("cut-" + number));
              for (String name : List.of("server.db", "server.db-wal")) {
                if (Files.exists(folder.resolve(name))) {
                  Files.copy(folder.resolve(name), cut.resolve(name));
                }
              }
              statements.set(number);
            }))
        .close();
    assertTrue(statements.get() >= 1, "no statement of an upgrade was seen");
    for (int number = 1; number <= statements.get(); number++) {
      assertEquals(ALL, data(folder.resolve("cut-" + number).resolve("server.db")));
    }
  }

  @Test
  void anUpgradeThatFailsChangesNothingAndCanBeTriedAgain() throws Exception {
    assertThrows(
        RuntimeException.class,
        () ->
            Database.open(
                store,
                Optional.of(backups),
                new Cut(number -> {
                  throw new IOException("no room");
                })));
    assertEquals(ALL, data(store));
  }

  @Test
  void withoutACopyNothingIsUpgraded() throws Exception {
    Files.writeString(folder.resolve("backups"), "in the way");
    assertTrue(
        assertThrows(IllegalStateException.class, () -> Database.open(store, backups))
            .getMessage()
            .contains("not backed up, so its schema is not upgraded"));
    assertEquals(FIRST_SCHEMA, StoreFile.facts(store).schema());
  }

  /** Does something after each statement of a migration, inside of its transaction. */
  private static final class Cut implements Callback {
    private final Action action;
    private int number;

    Cut(Action action) {
      this.action = action;
    }

    interface Action {
      void at(int number) throws IOException;
    }

    @Override
    public boolean supports(Event event, Context context) {
      return event == Event.AFTER_EACH_MIGRATE_STATEMENT;
    }

    @Override
    public boolean canHandleInTransaction(Event event, Context context) {
      return true;
    }

    @Override
    public void handle(Event event, Context context) {
      try {
        action.at(++number);
      } catch (IOException failure) {
        throw new UncheckedIOException(failure);
      }
    }

    @Override
    public String getCallbackName() {
      return "cut";
    }
  }
}
