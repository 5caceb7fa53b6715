package io.easyagent.api;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * An operator's access.
 *
 * @param exec may bring command lines to hosts
 * @param maxHosts how many hosts one request may command; absent: any number
 * @param hosts a selector: for these hosts only; absent: for every host
 * @param token the secret; only in the answer that creates it
 */
public record Token(
    UUID id,
    String name,
    Role role,
    boolean exec,
    Optional<Integer> maxHosts,
    Optional<String> hosts,
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
