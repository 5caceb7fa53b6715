package io.easyagent.api;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * An operator's access.
 *
 * @param token the secret; only in the answer that creates it
 */
public record Token(
    UUID id,
    String name,
    Role role,
    boolean exec,
    Instant createdAt,
    Instant expiresAt,
    Optional<String> token) {
  public enum Role {
    /** Reads everything but secrets. */
    viewer,
    /** Commands agents. */
    operator,
    /** Also enrols and removes hosts, and gives access. */
    admin
  }
}
