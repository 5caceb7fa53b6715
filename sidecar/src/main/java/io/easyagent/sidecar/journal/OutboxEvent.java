package io.easyagent.sidecar.journal;

import io.easyagent.sidecar.agent.AgentId;
import io.easyagent.sidecar.agent.AgentRecord;
import io.easyagent.sidecar.agent.DesiredState;
import io.easyagent.sidecar.agent.ObservedAgent;
import io.easyagent.sidecar.operation.OperationId;
import io.easyagent.sidecar.operation.OperationResult;
import java.util.Optional;

/** What the sidecar has to tell the server and must not lose. */
public sealed interface OutboxEvent {

  /** Journalled and being worked on. */
  record OperationStarted(OperationId operation, String generation) implements OutboxEvent {}

  record OperationFinished(OperationId operation, String generation, OperationResult result)
      implements OutboxEvent {}

  /** The agent as a whole; only the latest of an agent matters. */
  record AgentReported(
      AgentId agent,
      String name,
      long revision,
      Optional<String> packageVersion,
      DesiredState desired,
      ObservedAgent observed)
      implements OutboxEvent {

    /** Everything of the record but its definition, which no report carries. */
    public AgentReported(AgentRecord agent, ObservedAgent observed) {
      this(
          agent.id(),
          agent.definition().name(),
          agent.revision(),
          agent.installedVersion(),
          agent.desired(),
          observed);
    }
  }

  record AgentRemoved(AgentId agent) implements OutboxEvent {}

  /** A plain event: the only kind that is dropped when the bounded space runs out. */
  record AgentHappened(AgentId agent, String kind, String message) implements OutboxEvent {}

  /** That many plain events were dropped here. */
  record Gap(long dropped) implements OutboxEvent {}
}
