package io.easyagent.server.telemetry;

import io.easyagent.server.agent.AgentId;
import io.easyagent.server.fleet.HostId;
import java.time.Instant;
import java.util.Optional;

/**
 * Something that happened, as it is kept.
 *
 * @param id grows with every event
 * @param hostName as it was then
 */
public record Event(
    long id,
    Instant receivedAt,
    Instant occurredAt,
    Optional<HostId> host,
    Optional<String> hostName,
    Optional<AgentId> agent,
    Optional<String> agentName,
    String kind,
    String message) {}
