package io.easyagent.api;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Operations that were accepted together.
 *
 * @param agent the agent's name; empty for the host itself
 * @param target the targets as they were asked for, for people
 * @param counts operations by state; states without any are absent
 * @param offline unfinished operations whose host is offline
 * @param finished every operation has ended
 */
public record Batch(
    UUID id,
    Command.Kind kind,
    Optional<String> agent,
    String target,
    String createdBy,
    Instant createdAt,
    Instant deadline,
    long total,
    Map<Operation.State, Long> counts,
    long offline,
    boolean finished) {}
