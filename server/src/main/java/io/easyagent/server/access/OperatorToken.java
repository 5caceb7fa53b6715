package io.easyagent.server.access;

import io.easyagent.server.fleet.Scope;
import io.easyagent.server.fleet.SelectorParser;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;

/**
 * An operator's access, without its secret.
 *
 * @param name unique among the tokens that are valid
 * @param exec may bring command lines to hosts
 * @param mostHosts how many hosts one request may command; empty: any number
 * @param hosts a selector: the token is for these hosts only; empty: for every host
 */
public record OperatorToken(
    UUID id,
    String name,
    Role role,
    boolean exec,
    OptionalInt mostHosts,
    Optional<String> hosts,
    Instant createdAt,
    Instant expiresAt) {

  /** What it allows with hosts. */
  public Scope scope() {
    return new Scope(
        hosts.map(SelectorParser::parse), mostHosts, exec, role == Role.ADMIN && hosts.isEmpty());
  }
}
