package io.easyagent.server.store;

import java.sql.CallableStatement;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jdbi.v3.core.statement.DefaultStatementBuilder;
import org.jdbi.v3.core.statement.StatementBuilder;
import org.jdbi.v3.core.statement.StatementContext;

/**
 * Keeps the prepared statements of one connection, those used last, so that a statement is compiled
 * once and not at each use. A statement that is in use is not kept: who asks for the same text
 * meanwhile gets one of its own. For one thread at a time, as the connection is.
 */
final class KeptStatements implements StatementBuilder {
  /** The store's fixed statements are fewer; those made of an operator's filters come and go. */
  static final int MOST = 256;

  private final StatementBuilder making;
  private final Map<String, PreparedStatement> kept = new LinkedHashMap<>();

  /** With the text that they were made of; {@link #close} is told the text before it was parsed. */
  private final Map<Statement, String> inUse = new IdentityHashMap<>();

  KeptStatements(Connection connection) {
    this.making = DefaultStatementBuilder.FACTORY.createStatementBuilder(connection);
  }

  @Override
  public Statement create(Connection connection, StatementContext context) throws SQLException {
    return making.create(connection, context);
  }

  @Override
  public PreparedStatement create(Connection connection, String sql, StatementContext context)
      throws SQLException {
    PreparedStatement free = kept.remove(sql);
    PreparedStatement statement = free == null ? making.create(connection, sql, context) : free;
    inUse.put(statement, sql);
    return statement;
  }

  @Override
  public CallableStatement createCall(Connection connection, String sql, StatementContext context)
      throws SQLException {
    return making.createCall(connection, sql, context);
  }

  @Override
  public void close(Connection connection, String unparsed, Statement statement)
      throws SQLException {
    String sql = inUse.remove(statement);
    if (sql == null
        || !(statement instanceof PreparedStatement prepared)
        || kept.containsKey(sql)
        || !isUsable(prepared)) {
      statement.close();
      return;
    }
    kept.put(sql, prepared);
    if (kept.size() > MOST) {
      Iterator<PreparedStatement> longestUnused = kept.values().iterator();
      longestUnused.next().close();
      longestUnused.remove();
    }
  }

  /** As new afterwards; the driver gives up a statement that failed. */
  private static boolean isUsable(PreparedStatement statement) {
    try {
      statement.clearBatch();
      statement.clearParameters();
      return true;
    } catch (SQLException givenUp) {
      return false;
    }
  }

  /** With the connection, which closes its statements itself. */
  @Override
  public void close(Connection connection) {
    kept.clear();
    inUse.clear();
  }
}
