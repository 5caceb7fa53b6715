package io.easyagent.server.store;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.flywaydb.core.api.callback.Callback;
import org.jdbi.v3.core.ConnectionFactory;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.StatementContext;
import org.jdbi.v3.core.statement.StatementException;
import org.jdbi.v3.core.statement.StatementExceptions;

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
    return open(file, Optional.empty());
  }

  /**
   * As {@link #open(Path)}.
   *
   * @param backups get a copy of the store before its schema changes
   */
  public static Database open(Path file, UpgradeBackups backups) {
    return open(file, Optional.of(backups));
  }

  /**
   * @param steps told of each step of an upgrade
   */
  static Database open(Path file, Optional<UpgradeBackups> backups, Callback... steps) {
    SqliteConnections connections = new SqliteConnections(file);
    migrate(new Schema(connections.dataSource(), file, steps), file, backups);
    try {
      List<Handle> handles = new ArrayList<>();
      for (int i = 0; i < READERS; i++) {
        handles.add(handle(connections.openReadOnly()));
      }
      return new Database(
          new GroupWriter(() -> WritingConnection.of(handle(connections.open())), file),
          new ReaderPool(handles));
    } catch (SQLException failure) {
      throw new IllegalStateException("store " + file + ": " + failure.getMessage(), failure);
    }
  }

  /**
   * A handle that closes its connection: one that is made of the connection alone does not. What it
   * throws names the statement, never what was bound to it, which may be nobody's to read in a log.
   */
  private static Handle handle(Connection connection) {
    ConnectionFactory closing = () -> connection;
    Jdbi jdbi = Jdbi.create(closing).setStatementBuilderFactory(KeptStatements::new);
    jdbi.getConfig(StatementExceptions.class).setMessageRendering(Database::message);
    return jdbi.open();
  }

  private static String message(StatementException failure) {
    StatementContext context = failure.getStatementContext();
    return context == null
        ? failure.getShortMessage()
        : failure.getShortMessage() + " [" + context.getRawSql() + "]";
  }

  /** The store is copied before its schema changes; a new one has nothing to be copied. */
  private static void migrate(Schema schema, Path file, Optional<UpgradeBackups> backups) {
    schema.requireNotNewer();
    if (schema.isBehind()) {
      schema.version().ifPresent(version -> backups.ifPresent(into -> into.take(file, version)));
      schema.migrate();
    }
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
