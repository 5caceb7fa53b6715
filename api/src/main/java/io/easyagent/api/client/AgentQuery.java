package io.easyagent.api.client;

import java.util.Optional;

/**
 * Which agents to list; an empty query lists all.
 *
 * @param selector over hosts
 * @param host its id, an unambiguous prefix of it, or its name
 */
public record AgentQuery(Optional<String> selector, Optional<String> host, Optional<String> name) {
  public static AgentQuery all() {
    return new AgentQuery(Optional.empty(), Optional.empty(), Optional.empty());
  }
}
