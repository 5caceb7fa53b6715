package io.easyagent.sidecar.operation;

import io.easyagent.sidecar.agent.AgentDefinition;
import io.easyagent.sidecar.agent.AgentId;
import io.easyagent.sidecar.agent.PackageReference;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the server asks for. */
public sealed interface Command {

  /**
   * The agent whose commands run one after another with this one; empty: a command for the host.
   */
  Optional<AgentId> agentId();

  /** A command for one agent. */
  sealed interface ForAgent extends Command {
    AgentId agent();

    @Override
    default Optional<AgentId> agentId() {
      return Optional.of(agent());
    }
  }

  record Install(AgentId agent, AgentDefinition definition, long revision, boolean start)
      implements ForAgent {}

  record Configure(AgentId agent, AgentDefinition definition, long revision) implements ForAgent {}

  record Start(AgentId agent) implements ForAgent {}

  record Stop(AgentId agent) implements ForAgent {}

  record Restart(AgentId agent) implements ForAgent {}

  record Uninstall(AgentId agent, boolean purge) implements ForAgent {}

  /** Another version of the sidecar itself, on trial until it is known to work. */
  record UpgradeSidecar(PackageReference distribution) implements Command {
    @Override
    public Optional<AgentId> agentId() {
      return Optional.empty();
    }
  }

  /**
   * Other settings of the sidecar itself, on trial until they are known to work.
   *
   * @param content a whole {@code sidecar.yaml}
   */
  record ConfigureSidecar(String content) implements Command {
    @Override
    public Optional<AgentId> agentId() {
      return Optional.empty();
    }
  }

  /**
   * @param user empty: the agent's user where an agent is named, else the sidecar's own
   */
  record Exec(
      Optional<AgentId> agentId, Work work, Optional<String> user, Map<String, String> environment)
      implements Command {

    /** What is executed. */
    public sealed interface Work {
      record Arguments(List<String> command) implements Work {}

      record ShellScript(String script, List<String> parameters) implements Work {}
    }
  }
}
