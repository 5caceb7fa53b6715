package io.easyagent.definition;

import java.util.Optional;

/**
 * What runs around the agent's process.
 *
 * @param preStart before each launch of it
 * @param postStop after each end of it
 */
public record Hooks(Optional<Hook> preStart, Optional<Hook> postStop) {
  public static final Hooks NONE = new Hooks(Optional.empty(), Optional.empty());
}
