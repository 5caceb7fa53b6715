package io.easyagent.sidecar.operation.work;

import io.easyagent.sidecar.agent.AgentId;
import io.easyagent.sidecar.agent.AgentRecord;
import io.easyagent.sidecar.operation.TakenCommand;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Who tells which agent: an agent that is defined on the host is the host's alone.
 *
 * @param definitions the folder that such agents are defined in; empty where there is none
 */
public record Ownership(Optional<Path> definitions) {

  /** The file that defines an agent of this name. */
  static Path file(Path definitions, String name) {
    return definitions.resolve(name + ".yaml");
  }

  /**
   * Why a command is not the server's to give, in one line.
   *
   * @param agent that it is for, where the host has it
   */
  Optional<String> against(TakenCommand command, Optional<AgentRecord> agent) {
    if (command.id().isHosts() || command.command().agentId().filter(AgentId::isHosts).isEmpty()) {
      return Optional.empty();
    }
    String name = agent.map(found -> found.definition().name()).orElse("");
    return Optional.of(
        "refused by the host: the agent"
            + (name.isEmpty() ? "" : " " + name)
            + " is defined on the host"
            + definitions
                .map(folder -> ", in " + (name.isEmpty() ? folder : file(folder, name)))
                .orElse(", whose sidecar.yaml names no folder of definitions any more")
            + " (expected: an agent of the server)");
  }
}
