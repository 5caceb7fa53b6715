package io.easyagent.api;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * Something that happened, in the history.
 *
 * @param id grows with time; also the id of the server-sent event
 * @param kind a stable word: exited, started, unhealthy, host-online, …
 */
public record Event(
    long id,
    Instant receivedAt,
    Instant occurredAt,
    Optional<UUID> hostId,
    Optional<String> hostName,
    Optional<UUID> agentId,
    Optional<String> agent,
    String kind,
    String message) {}
