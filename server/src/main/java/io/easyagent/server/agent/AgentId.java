package io.easyagent.server.agent;

import java.util.UUID;

/** Identifies an agent; minted when its install is accepted. */
public record AgentId(UUID value) {
  public static AgentId of(String text) {
    return new AgentId(UUID.fromString(text));
  }

  @Override
  public String toString() {
    return value.toString();
  }
}
