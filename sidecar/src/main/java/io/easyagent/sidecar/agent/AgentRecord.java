package io.easyagent.sidecar.agent;

import java.util.Optional;

/**
 * An agent of this host as the journal keeps it.
 *
 * @param revision of the definition; raised by the server with every change
 * @param installedVersion the package version that {@code current} points at; empty without a
 *     package
 */
public record AgentRecord(
    AgentId id,
    AgentDefinition definition,
    long revision,
    DesiredState desired,
    Optional<String> installedVersion) {

  public AgentRecord withDesired(DesiredState changed) {
    return new AgentRecord(id, definition, revision, changed, installedVersion);
  }
}
