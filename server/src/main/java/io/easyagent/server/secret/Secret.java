package io.easyagent.server.secret;

import java.time.Instant;

/**
 * A secret as it may be shown: everything but its value.
 *
 * @param version raised each time the value is set
 * @param held agents that were given the value, of whatever version
 * @param outdated those of them that were given an earlier version
 */
public record Secret(
    String name,
    long version,
    SecretGrant grant,
    Instant updatedAt,
    String updatedBy,
    long held,
    long outdated) {}
