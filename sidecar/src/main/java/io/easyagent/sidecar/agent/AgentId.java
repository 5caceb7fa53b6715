package io.easyagent.sidecar.agent;

import java.util.UUID;

/**
 * Identifies an agent. Minted by the server, or, for an agent that is defined on the host itself,
 * here: then it is a UUID of version 8, which no server mints, so that whose agent it is shows
 * wherever it is known.
 */
public record AgentId(UUID value) {

  /**
   * Of a new agent that is defined on the host.
   *
   * @param random where its other bits come from
   */
  public static AgentId ofHost(UUID random) {
    return new AgentId(HostIds.from(random));
  }

  /** Whether the agent is defined on the host: no server tells it anything. */
  public boolean isHosts() {
    return HostIds.isHosts(value);
  }

  @Override
  public String toString() {
    return value.toString();
  }
}
