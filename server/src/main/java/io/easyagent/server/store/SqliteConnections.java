package io.easyagent.server.store;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;

/**
 * Opens connections to the one file, every one of them checked: a COMMIT that does not sync would
 * break "accepted means fsynced" without a sign.
 */
final class SqliteConnections {
  private static final int BUSY_TIMEOUT_MILLIS = 10_000;
  private static final int CACHE_KIBIBYTES = -8192;

  /** Of a connection that reads: what it needs again is in the system's own cache, too. */
  private static final int READING_CACHE_KIBIBYTES = -2048;

  /**
   * After so many pages of 4 KiB in the write-ahead log they are brought into the file: most of
   * what a busy fleet writes are the same few pages again and again, which go there once.
   */
  private static final int CHECKPOINT_PAGES = 4_000;

  /** What the write-ahead log is cut to once a long reader has let it grow. */
  private static final int MOST_WAL_BYTES = 64 << 20;

  private final Path file;

  SqliteConnections(Path file) {
    this.file = file;
  }

  DataSource dataSource() {
    SQLiteDataSource source = new SQLiteDataSource(config());
    source.setUrl("jdbc:sqlite:" + file.toAbsolutePath());
    return source;
  }

  Connection open() throws SQLException {
    Connection connection = dataSource().getConnection();
    check(connection);
    return connection;
  }

  Connection openReadOnly() throws SQLException {
    Connection connection = open();
    try (Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA query_only = ON");
      statement.execute("PRAGMA cache_size = " + READING_CACHE_KIBIBYTES);
    }
    return connection;
  }

  private static SQLiteConfig config() {
    SQLiteConfig config = new SQLiteConfig();
    config.setJournalMode(SQLiteConfig.JournalMode.WAL);
    config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
    config.setBusyTimeout(BUSY_TIMEOUT_MILLIS);
    config.enforceForeignKeys(true);
    config.setCacheSize(CACHE_KIBIBYTES);
    config.setJournalSizeLimit(MOST_WAL_BYTES);
    config.setWalAutocheckpoint(CHECKPOINT_PAGES);
    return config;
  }

  private static void check(Connection connection) throws SQLException {
    require(connection, "synchronous", "2");
    require(connection, "journal_mode", "wal");
    require(connection, "foreign_keys", "1");
  }

  private static void require(Connection connection, String pragma, String expected)
      throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery("PRAGMA " + pragma)) {
      String found = result.next() ? result.getString(1) : "nothing";
      if (!expected.equals(found)) {
        connection.close();
        throw new SQLException("PRAGMA " + pragma + ": " + found + " (expected: " + expected + ")");
      }
    }
  }
}
