package io.easyagent.server.operation;

import io.easyagent.server.agent.AgentId;
import io.easyagent.server.fleet.HostId;
import java.util.Optional;

/** Which operations a list shows; every given part must match. */
public record OperationQuery(
    Optional<BatchId> batch,
    Optional<OperationState> state,
    Optional<HostId> host,
    Optional<AgentId> agent) {
  public static OperationQuery ofBatch(BatchId batch) {
    return new OperationQuery(
        Optional.of(batch), Optional.empty(), Optional.empty(), Optional.empty());
  }
}
