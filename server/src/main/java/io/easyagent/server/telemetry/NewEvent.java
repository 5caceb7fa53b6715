package io.easyagent.server.telemetry;

import io.easyagent.server.agent.AgentId;
import io.easyagent.server.fleet.HostId;
import java.time.Instant;
import java.util.Optional;

/**
 * Something that happened, to be kept in the history. Texts are bounded and free of control
 * characters already.
 *
 * @param occurredAt by the clock of where it happened; for people only
 * @param kind a stable word: exited, started, unhealthy, host-online, …
 */
public record NewEvent(
    Instant receivedAt,
    Instant occurredAt,
    Optional<HostId> host,
    Optional<AgentId> agent,
    Optional<String> agentName,
    String kind,
    String message) {}
