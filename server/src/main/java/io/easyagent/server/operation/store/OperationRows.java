package io.easyagent.server.operation.store;

import io.easyagent.server.agent.AgentId;
import io.easyagent.server.fleet.HostId;
import io.easyagent.server.operation.BatchId;
import io.easyagent.server.operation.Operation;
import io.easyagent.server.operation.OperationId;
import io.easyagent.server.operation.OperationKind;
import io.easyagent.server.operation.OperationState;
import io.easyagent.server.operation.Output;
import io.easyagent.server.operation.ProcessEnd;
import io.easyagent.server.operation.WorkItem;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;

/** Rows of operations as values. */
final class OperationRows {
  static final String EXITED = "exited";
  static final String SIGNALLED = "signalled";
  static final String UNKNOWN = "unknown";
  static final String NOT_STARTED = "not-started";

  private OperationRows() {}

  static WorkItem workItem(ResultSet row) throws SQLException {
    row.getLong("cancel_requested");
    boolean cancelRequested = !row.wasNull();
    return new WorkItem(
        OperationId.of(row.getString("id")),
        BatchId.of(row.getString("batch_id")),
        OperationKind.valueOf(row.getString("kind")),
        HostId.of(row.getString("host_id")),
        Optional.ofNullable(row.getString("agent_id")).map(AgentId::of),
        OperationState.valueOf(row.getString("state")),
        Instant.ofEpochMilli(row.getLong("deadline")),
        row.getString("command_digest"),
        row.getLong("revision"),
        cancelRequested,
        row.getLong("sent_epoch"));
  }

  static Operation operation(ResultSet row, Optional<Output> output) throws SQLException {
    return new Operation(
        OperationId.of(row.getString("id")),
        BatchId.of(row.getString("batch_id")),
        OperationKind.valueOf(row.getString("kind")),
        HostId.of(row.getString("host_id")),
        row.getString("host_name"),
        Optional.ofNullable(row.getString("agent_id")).map(AgentId::of),
        Optional.ofNullable(row.getString("agent_name")),
        OperationState.valueOf(row.getString("state")),
        Instant.ofEpochMilli(row.getLong("created_at")),
        Instant.ofEpochMilli(row.getLong("deadline")),
        time(row, "cancel_requested").isPresent(),
        time(row, "sent_at"),
        time(row, "started_at"),
        time(row, "finished_at"),
        row.getString("message"),
        processEnd(row),
        output);
  }

  /** What stands for an output that the operation had, and that is not there. */
  static Optional<Output> missingOutput(ResultSet row) throws SQLException {
    return row.getString("output_digest") == null ? Optional.empty() : Optional.of(Output.REMOVED);
  }

  static Output output(ResultSet row) throws SQLException {
    return new Output(row.getBytes("head"), row.getBytes("tail"), row.getLong("total_bytes"));
  }

  private static Optional<ProcessEnd> processEnd(ResultSet row) throws SQLException {
    String kind = row.getString("end_kind");
    if (kind == null) {
      return Optional.empty();
    }
    return Optional.of(
        switch (kind) {
          case EXITED -> new ProcessEnd.Exited(row.getInt("end_value"));
          case SIGNALLED -> new ProcessEnd.Signalled(row.getInt("end_value"));
          case NOT_STARTED -> new ProcessEnd.NotStarted(row.getString("end_reason"));
          default -> new ProcessEnd.Unknown(row.getString("end_reason"));
        });
  }

  private static Optional<Instant> time(ResultSet row, String column) throws SQLException {
    long millis = row.getLong(column);
    return row.wasNull() ? Optional.empty() : Optional.of(Instant.ofEpochMilli(millis));
  }
}
