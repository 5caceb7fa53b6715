package io.easyagent.sidecar.supervise;

import io.easyagent.sidecar.agent.AgentDefinition;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * All that it takes to launch an agent's process: the definition with every variable resolved.
 *
 * @param definition with the probes' variables resolved
 * @param command absolute program first
 * @param environment the whole environment of the process; nothing is inherited
 * @param workingFolder where the process starts
 * @param logFolder where its output goes; root's, opened by root
 */
public record LaunchPlan(
    AgentDefinition definition,
    List<String> command,
    Map<String, String> environment,
    Path workingFolder,
    Path logFolder) {

  public LaunchPlan {
    command = List.copyOf(command);
    environment = Map.copyOf(environment);
  }
}
