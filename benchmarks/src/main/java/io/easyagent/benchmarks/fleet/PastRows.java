package io.easyagent.benchmarks.fleet;

/**
 * The rows of the past, made by the store itself: number {@code i}, and {@code at}, the time of
 * that number of {@code :all}. Ids are those of 2024, so that all new ones sort behind them.
 */
enum PastRows {
  EVENT(
      "INSERT INTO event (id, received_at, occurred_at, host_id, host_name, kind, message)"
          + " SELECT i + 1, at, at, "
          + Sql.HOST
          + ", "
          + Sql.HOST_NAME
          + ", CASE i % 2 WHEN 0 THEN 'host-online' ELSE 'host-offline' END, '' FROM t"),
  OUTPUT(
      "INSERT INTO output (digest, head, tail, total_bytes, last_used, size)"
          + " SELECT printf('%064x', i), randomblob(:bytes), x'', :bytes, :begin + :span, :bytes FROM t"),
  BATCH(
      "INSERT INTO batch (id, kind, target, created_by, created_at, deadline, total)"
          + " SELECT "
          + Sql.BATCH
          + ", 'EXEC', 'role=web', 'admin', at, at + 900000, 1000 FROM t WHERE i % 1000 = 0"),
  OPERATION(
      "INSERT INTO operation (id, batch_id, kind, host_id, host_name, command_digest, revision,"
          + " state, created_at, deadline, sent_at, sent_epoch, started_at, finished_at,"
          + " finished_number, message, end_kind, end_value, output_digest)"
          + " SELECT printf('01900000-0000-7000-8000-%012x', i), "
          + Sql.BATCH
          + ", 'EXEC', "
          + Sql.HOST
          + ", "
          + Sql.HOST_NAME
          + ", :digest, 0, 'SUCCEEDED', at, at + 900000, at, 1, at + 10, at + 20, i % 1000 + 1, '',"
          + " 'EXITED', 0, CASE WHEN i >= :plain THEN printf('%064x', i - :plain) END FROM t");

  private final String insert;

  PastRows(String insert) {
    this.insert = insert;
  }

  /** With {@code :first} and {@code :last}, {@code :all}, {@code :begin} and {@code :span}. */
  String sql() {
    return "WITH RECURSIVE n(i) AS (SELECT :first UNION ALL SELECT i + 1 FROM n WHERE i < :last),"
        + " t AS (SELECT i, :begin + :span * i / :all AS at FROM n) "
        + insert;
  }

  private static final class Sql {
    static final String HOST = "printf('%08x-0000-4000-8000-00000000beef', i % 10000)";
    static final String HOST_NAME = "printf('past-%05d', i % 10000)";
    static final String BATCH = "printf('01900000-0000-7000-9000-%012x', i / 1000)";
  }
}
