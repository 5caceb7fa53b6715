package io.easyagent.server.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * A store's file, looked at and copied from outside, also while a server has it open: readers and
 * the server's writer do not wait for each other.
 */
public final class StoreFile {
  private static final byte[] MAGIC = HexFormat.of().parseHex("53514c69746520666f726d6174203300");

  private StoreFile() {}

  /**
   * What a store says of itself.
   *
   * @param schema version of its tables
   * @param hosts how many are in each status, by the status' name
   */
  public record Facts(
      String schema, Optional<String> generation, Map<String, Long> hosts, Set<String> archives) {
    public Facts {
      hosts = Map.copyOf(hosts);
      archives = Set.copyOf(archives);
    }
  }

  /** Whether the file begins as a store does. */
  public static boolean isOne(Path file) throws IOException {
    try (var bytes = Files.newInputStream(file)) {
      return java.util.Arrays.equals(bytes.readNBytes(MAGIC.length), MAGIC);
    }
  }

  /**
   * Copies what is committed at one moment, compact, into a new file that its owner alone can read.
   * It is on disk when this returns; its name is not.
   */
  public static void copy(Path store, Path target) throws IOException {
    Files.createFile(
        target, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    try (Connection connection = connect(store);
        PreparedStatement copy = connection.prepareStatement("VACUUM INTO ?")) {
      copy.setString(1, target.toString());
      copy.execute();
    } catch (SQLException failure) {
      throw failed(store, failure);
    }
    try (FileChannel channel = FileChannel.open(target, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
  }

  /** Looks at a store without changing it. */
  public static Facts facts(Path store) throws IOException {
    try (Connection connection = connect(store)) {
      Map<String, Long> hosts = new LinkedHashMap<>();
      try (Statement statement = connection.createStatement();
          ResultSet rows =
              statement.executeQuery("SELECT status, COUNT(*) FROM host GROUP BY status")) {
        while (rows.next()) {
          hosts.put(rows.getString(1), rows.getLong(2));
        }
      }
      Set<String> archives = new TreeSet<>();
      try (Statement statement = connection.createStatement();
          ResultSet rows = statement.executeQuery("SELECT DISTINCT sha256 FROM package")) {
        while (rows.next()) {
          archives.add(rows.getString(1));
        }
      }
      return new Facts(
          text(
                  connection,
                  "SELECT MAX(CAST(version AS INTEGER)) FROM flyway_schema_history"
                      + " WHERE success = 1")
              .orElse("none"),
          text(connection, "SELECT value FROM server_state WHERE name = 'generation'"),
          hosts,
          archives);
    } catch (SQLException failure) {
      throw failed(store, failure);
    }
  }

  /**
   * Checks a store that is to be put in place of another: whole, and not of a newer server.
   *
   * @throws IllegalStateException saying what is wrong with it
   */
  public static void check(Path store) throws IOException {
    SqliteConnections connections = new SqliteConnections(store);
    try (Connection connection = connections.open()) {
      String answer = text(connection, "PRAGMA integrity_check(1)").orElse("nothing");
      if (!answer.equals("ok")) {
        throw new IllegalStateException("store: damaged: " + answer + " (expected: ok)");
      }
    } catch (SQLException failure) {
      throw failed(store, failure);
    }
    new Schema(connections.dataSource(), store).requireNotNewer();
  }

  /**
   * Makes the store the beginning of another history. Hosts open their next session with whatever
   * nonce they have: what this store knows of nonces is older than what they were given since.
   *
   * @param restoredFrom told in the audit log and wherever an operation ends because of it
   */
  public static void beginGeneration(Path store, String generation, String restoredFrom)
      throws IOException {
    try (Connection connection = new SqliteConnections(store).open()) {
      connection.setAutoCommit(false);
      put(connection, "generation", generation);
      put(connection, Restoration.NAME, restoredFrom);
      try (Statement statement = connection.createStatement()) {
        statement.executeUpdate("UPDATE host SET nonce = NULL, previous_nonce = NULL");
      }
      connection.commit();
    } catch (SQLException failure) {
      throw failed(store, failure);
    }
  }

  private static IOException failed(Path store, SQLException failure) {
    return new IOException("store " + store + ": " + failure.getMessage(), failure);
  }

  private static void put(Connection connection, String name, String value) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            "INSERT INTO server_state (name, value) VALUES (?, ?)"
                + " ON CONFLICT (name) DO UPDATE SET value = excluded.value")) {
      statement.setString(1, name);
      statement.setString(2, value);
      statement.executeUpdate();
    }
  }

  private static Optional<String> text(Connection connection, String query) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      return rows.next() ? Optional.ofNullable(rows.getString(1)) : Optional.empty();
    }
  }

  private static Connection connect(Path store) throws SQLException {
    if (!Files.isRegularFile(store)) {
      throw new SQLException(store + ": no such store");
    }
    return new SqliteConnections(store).open();
  }
}
