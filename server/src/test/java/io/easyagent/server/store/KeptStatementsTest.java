package io.easyagent.server.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.StatementContext;
import org.jdbi.v3.core.statement.UnableToExecuteStatementException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class KeptStatementsTest {
  private static final String INSERT = "INSERT INTO thing (id, name) VALUES (?, ?)";

  private Connection connection;
  private Handle handle;
  private KeptStatements statements;

  @BeforeEach
  void open() throws Exception {
    connection = DriverManager.getConnection("jdbc:sqlite::memory:");
    handle = Jdbi.create(() -> connection).setStatementBuilderFactory(KeptStatements::new).open();
    statements = new KeptStatements(connection);
    handle.execute("CREATE TABLE thing (id INTEGER PRIMARY KEY, name TEXT)");
  }

  @AfterEach
  void close() {
    handle.close();
  }

  @Test
  void aStatementIsCompiledOnce() throws Exception {
    PreparedStatement first = prepare(INSERT);
    statements.close(connection, INSERT, first);

    assertSame(first, prepare(INSERT));
  }

  @Test
  void aStatementIsKnownByItsParsedText() throws Exception {
    PreparedStatement first = prepare("SELECT ?");
    statements.close(connection, "SELECT :parameter", first);

    assertSame(first, prepare("SELECT ?"));
  }

  @Test
  void aStatementInUseIsNotShared() throws Exception {
    PreparedStatement first = prepare(INSERT);
    PreparedStatement second = prepare(INSERT);

    assertNotSame(first, second);
    statements.close(connection, INSERT, first);
    statements.close(connection, INSERT, second);
    assertSame(first, prepare(INSERT));
    assertTrue(second.isClosed());
  }

  @Test
  void nothingOfTheLastUseIsLeft() {
    handle.execute(INSERT, 1, "one");
    handle.execute(INSERT, 2, null);

    assertEquals(
        List.of("one"),
        handle
            .createQuery("SELECT name FROM thing WHERE name IS NOT NULL")
            .mapTo(String.class)
            .list());
    assertEquals(1, count("id = 1"));
    assertEquals(0, count("id = 3"));
    assertEquals(2, count("id > 0"));
  }

  @Test
  void aResultThatWasNotReadToItsEndIsNoneOfTheNext() {
    handle.execute(INSERT, 1, "one");
    handle.execute(INSERT, 2, "two");
    String sql = "SELECT name FROM thing ORDER BY id";

    for (int time = 0; time < 3; time++) {
      assertEquals("one", handle.createQuery(sql).mapTo(String.class).first());
    }
    handle.execute("DELETE FROM thing WHERE id = 1");
    assertEquals("two", handle.createQuery(sql).mapTo(String.class).first());
  }

  @Test
  void aStatementThatFailedDoesNotSpoilTheNext() {
    handle.execute(INSERT, 1, "one");
    for (int time = 0; time < 3; time++) {
      assertThrows(
          UnableToExecuteStatementException.class, () -> handle.execute(INSERT, 1, "again"));
    }

    handle.execute(INSERT, 2, "two");

    assertEquals(2, count("id > 0"));
  }

  @Test
  void thoseUnusedForLongestGo() throws Exception {
    PreparedStatement first = prepare("SELECT 0");
    statements.close(connection, "SELECT 0", first);
    for (int number = 1; number <= KeptStatements.MOST; number++) {
      String sql = "SELECT " + number;
      statements.close(connection, sql, prepare(sql));
    }

    assertTrue(first.isClosed());
    assertNotSame(first, prepare("SELECT 0"));
  }

  private PreparedStatement prepare(String sql) throws Exception {
    return statements.create(connection, sql, context());
  }

  private StatementContext context() {
    StatementContext[] context = new StatementContext[1];
    handle
        .createQuery("SELECT 1")
        .map((row, its) -> {
          context[0] = its;
          return 1;
        })
        .one();
    return context[0];
  }

  private int count(String condition) {
    return handle
        .createQuery("SELECT COUNT(*) FROM thing WHERE " + condition)
        .mapTo(Integer.class)
        .one();
  }
}
