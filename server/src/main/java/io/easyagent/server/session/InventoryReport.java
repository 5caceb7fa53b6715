package io.easyagent.server.session;

import io.easyagent.server.agent.AgentId;
import io.easyagent.server.agent.DefinitionText;
import io.easyagent.server.agent.ObservedAgent;
import io.easyagent.server.operation.OperationId;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a host holds.
 *
 * @param incarnation of its outbox, hexadecimal
 * @param lastNumber the highest given out
 * @param operations digests by operation
 */
public record InventoryReport(
    String incarnation,
    long lastNumber,
    List<HeldAgent> agents,
    Map<OperationId, String> operations,
    List<String> conditions) {
  /**
   * @param definition what it takes to adopt an agent that the server does not know
   */
  public record HeldAgent(
      AgentId id, ObservedAgent observed, Optional<DefinitionText> definition) {}
}
