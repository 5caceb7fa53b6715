package io.easyagent.server.agent;

import java.util.UUID;

/**
 * Identifies an agent; minted when its install is accepted, or, as a UUID of version 8, by a host
 * that defines the agent itself.
 */
public record AgentId(UUID value) {
  private static final int HOSTS = 8;

  /** Whether its host defines the agent: then what the host says of its definition holds. */
  public boolean isHosts() {
    return value.version() == HOSTS;
  }

  public static AgentId of(String text) {
    return new AgentId(UUID.fromString(text));
  }

  @Override
  public String toString() {
    return value.toString();
  }
}
