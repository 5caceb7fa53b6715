package io.easyagent.server.session;

import io.easyagent.server.agent.AgentId;
import io.easyagent.server.agent.ObservedAgent;
import io.easyagent.server.operation.End;
import io.easyagent.server.operation.OperationEvent;
import io.easyagent.server.operation.OperationId;

/** What a host has to tell, once and for all. Texts are bounded and clean. */
public sealed interface HostEvent {
  /**
   * @param generation of the store that gave the operation
   */
  record OperationSaid(OperationId operation, String generation, OperationEvent event, End end)
      implements HostEvent {}

  record AgentSaid(AgentId agent, ObservedAgent observed) implements HostEvent {}

  record AgentRemoved(AgentId agent) implements HostEvent {}

  record AgentHappened(AgentId agent, String kind, String message) implements HostEvent {}

  record Gap(long dropped) implements HostEvent {}

  /** Nothing that this server understands. */
  record Malformed(String reason) implements HostEvent {}
}
