package io.easyagent.server.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import org.jdbi.v3.core.transaction.TransactionException;

/**
 * A savepoint that is set again and again on one connection, so that a part of a transaction may
 * fail alone. Its statements are compiled once: there is one for each work and each event. Not
 * nested in itself.
 */
final class Savepoint {
  private final PreparedStatement set;
  private final PreparedStatement release;
  private final PreparedStatement rollBack;

  Savepoint(Connection connection, String name) throws SQLException {
    this.set = connection.prepareStatement("SAVEPOINT " + name);
    this.release = connection.prepareStatement("RELEASE " + name);
    this.rollBack = connection.prepareStatement("ROLLBACK TO " + name);
  }

  void set() {
    execute(set);
  }

  void release() {
    execute(release);
  }

  /** Undoes what came after {@link #set}, and forgets it. */
  void undo() {
    execute(rollBack);
    execute(release);
  }

  private static void execute(PreparedStatement statement) {
    try {
      statement.execute();
    } catch (SQLException failure) {
      throw new TransactionException("savepoint: " + failure.getMessage(), failure);
    }
  }
}
