package io.easyagent.server.operation;

import io.easyagent.server.agent.DefinitionText;
import io.easyagent.server.artifact.SidecarDistribution;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** What is to be done. The host and the agent that it is for are said beside it. */
public sealed interface Command {

  /** Makes a new agent; its name must be free on the host. */
  record Install(DefinitionText definition, boolean start) implements Command {}

  /**
   * Gives an agent a new definition.
   *
   * @param ifRevision refused when the agent's revision is another by now; empty: whatever it is
   */
  record Configure(DefinitionText definition, OptionalLong ifRevision) implements Command {}

  record Start() implements Command {}

  record Stop() implements Command {}

  record Restart() implements Command {}

  /**
   * @param purge remove the agent's data folder too
   */
  record Uninstall(boolean purge) implements Command {}

  /** Puts another version of the sidecar in the place of the one that takes the command. */
  record UpgradeSidecar(SidecarDistribution distribution) implements Command {}

  /**
   * Gives the sidecar another configuration.
   *
   * @param configuration the whole sidecar.yaml
   */
  record ConfigureSidecar(String configuration) implements Command {}

  /**
   * @param user empty: the agent's user where an agent is named, else the sidecar's own
   * @param environment added to a clean one
   */
  record Exec(Work work, Optional<String> user, Map<String, String> environment)
      implements Command {
    public Exec {
      environment = Map.copyOf(environment);
    }

    /** What is executed. */
    public sealed interface Work {
      record Arguments(List<String> command) implements Work {
        public Arguments {
          command = List.copyOf(command);
        }
      }

      record ShellScript(String script, List<String> parameters) implements Work {
        public ShellScript {
          parameters = List.copyOf(parameters);
        }
      }
    }
  }
}
