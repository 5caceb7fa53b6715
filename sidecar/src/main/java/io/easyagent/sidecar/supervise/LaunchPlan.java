package io.easyagent.sidecar.supervise;

import io.easyagent.sidecar.agent.AgentDefinition;
import io.easyagent.sidecar.log.KeptLog;
import io.easyagent.sidecar.secret.Redaction;
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
 * @param redaction of what is told about its output
 */
public record LaunchPlan(
    AgentDefinition definition,
    List<String> command,
    Map<String, String> environment,
    Path workingFolder,
    Path logFolder,
    Redaction redaction) {

  public LaunchPlan {
    command = List.copyOf(command);
    environment = Map.copyOf(environment);
  }

  /** The file of its output. */
  Path output() {
    return logFolder.resolve(definition.name() + ".log");
  }

  /** What is kept of its output. */
  KeptLog keptOutput() {
    return KeptLog.of(logFolder, definition.name());
  }

  /** Without the environment: it may hold secrets. */
  @Override
  public String toString() {
    return "launch of " + definition.name() + ": " + command;
  }
}
