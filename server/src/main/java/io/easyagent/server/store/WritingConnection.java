package io.easyagent.server.store;

import java.sql.Connection;
import java.sql.SQLException;
import org.jdbi.v3.core.ConnectionException;
import org.jdbi.v3.core.Handle;

/**
 * The one connection that changes the store.
 *
 * @param work around each work of a group
 * @param part around a part of a work that may fail alone
 */
record WritingConnection(Handle handle, Savepoint work, Savepoint part) implements AutoCloseable {

  static WritingConnection of(Handle handle) {
    Connection connection = handle.getConnection();
    try {
      return new WritingConnection(
          handle, new Savepoint(connection, "work"), new Savepoint(connection, "part"));
    } catch (SQLException failure) {
      handle.close();
      throw new ConnectionException(failure);
    }
  }

  @Override
  public void close() {
    handle.close();
  }
}
