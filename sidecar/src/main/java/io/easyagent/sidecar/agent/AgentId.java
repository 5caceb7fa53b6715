package io.easyagent.sidecar.agent;

import java.util.UUID;

/** Identifies an agent; minted by the server. */
public record AgentId(UUID value) {
  @Override
  public String toString() {
    return value.toString();
  }
}
