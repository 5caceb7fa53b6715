package io.easyagent.server.store;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.MigrationState;
import org.jdbi.v3.core.ConnectionFactory;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/** The embedded store: one SQLite file, one writer, a few readers. */
public final class Database implements Reader, AutoCloseable {
  private static final int READERS = 4;

  private final GroupWriter writer;
  private final ReaderPool readers;

  private Database(GroupWriter writer, ReaderPool readers) {
    this.writer = writer;
    this.readers = readers;
  }

  /**
   * Opens the store, makes it when it is missing, and brings its schema up to date.
   *
   * @throws IllegalStateException when a newer server has written it, or it cannot be opened
   */
  public static Database open(Path file) {
    SqliteConnections connections = new SqliteConnections(file);
    migrate(connections, file);
    try {
      List<Handle> handles = new ArrayList<>();
      for (int i = 0; i < READERS; i++) {
        handles.add(handle(connections.openReadOnly()));
      }
      return new Database(
          new GroupWriter(() -> handle(connections.open()), file), new ReaderPool(handles));
    } catch (SQLException failure) {
      throw new IllegalStateException("store " + file + ": " + failure.getMessage(), failure);
    }
  }

  /** A handle that closes its connection: one that is made of the connection alone does not. */
  private static Handle handle(Connection connection) {
    ConnectionFactory closing = () -> connection;
    return Jdbi.create(closing).open();
  }

  private static void migrate(SqliteConnections connections, Path file) {
    Flyway flyway =
        Flyway.configure()
            .dataSource(connections.dataSource())
            .locations("classpath:db/migration")
            .placeholders(java.util.Map.of("bytes", "BLOB"))
            .load();
    for (MigrationInfo migration : flyway.info().all()) {
      if (migration.getState() == MigrationState.FUTURE_SUCCESS
          || migration.getState() == MigrationState.FUTURE_FAILED) {
        throw new IllegalStateException(
            "store %s: schema version %s was written by a newer server (expected: at most what this"
                    .formatted(file, migration.getVersion())
                + " one knows; start the newer server, or restore a backup of this one's)");
      }
    }
    flyway.migrate();
  }

  public Writer writer() {
    return writer;
  }

  /** How many works wait for the writer. */
  public int waitingWorks() {
    return writer.waitingWorks();
  }

  @Override
  public <T> T read(Writer.Work<T> work) {
    return readers.read(work);
  }

  /** Finishes what was submitted, then closes every connection. */
  @Override
  public void close() {
    writer.close();
    readers.close();
  }
}
