package io.easyagent.sidecar.operation.work;

import io.easyagent.sidecar.agent.AgentId;
import io.easyagent.sidecar.operation.Command;
import io.easyagent.sidecar.operation.TakenCommand;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Names of agents that are being installed: two agents of one name would work on the same folders
 * before the journal knows either. Thread-safe.
 */
final class ClaimedNames {
  private final Map<String, AgentId> claims = new ConcurrentHashMap<>();

  /**
   * @return another agent that claims the name
   */
  Optional<AgentId> claim(TakenCommand command) {
    if (command.command() instanceof Command.Install install) {
      AgentId other = claims.putIfAbsent(install.definition().name(), install.agent());
      if (other != null && !other.equals(install.agent())) {
        return Optional.of(other);
      }
    }
    return Optional.empty();
  }

  void release(TakenCommand command) {
    if (command.command() instanceof Command.Install install) {
      claims.remove(install.definition().name(), install.agent());
    }
  }
}
