package io.easyagent.server.access;

import java.time.Instant;
import java.util.UUID;

/**
 * An operator's access, without its secret.
 *
 * @param name unique among the tokens that are valid
 * @param exec may run commands on hosts
 */
public record OperatorToken(
    UUID id, String name, Role role, boolean exec, Instant createdAt, Instant expiresAt) {}
