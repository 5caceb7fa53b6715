package io.easyagent.api;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A secret, without its value: values are never answered.
 *
 * @param version raised each time the value is set
 * @param agents that may use it; absent: every agent
 * @param heldBy how many agents were given it
 * @param outdated how many of those have an earlier version; applying their definitions again
 *     brings them the latest
 */
public record Secret(
    String name,
    long version,
    Optional<List<String>> agents,
    Instant updatedAt,
    String updatedBy,
    long heldBy,
    long outdated) {}
