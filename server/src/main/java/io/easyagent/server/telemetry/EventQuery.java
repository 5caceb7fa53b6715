package io.easyagent.server.telemetry;

import io.easyagent.server.agent.AgentId;
import io.easyagent.server.fleet.HostId;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Which events a list shows; every given part must match.
 *
 * @param after only events with a greater id
 */
public record EventQuery(
    Optional<HostId> host,
    Optional<AgentId> agent,
    Optional<String> agentName,
    Optional<String> kind,
    OptionalLong after) {
  public EventQuery after(long id) {
    return new EventQuery(host, agent, agentName, kind, OptionalLong.of(id));
  }
}
