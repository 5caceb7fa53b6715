package io.easyagent.sidecar.agent;

import java.util.Optional;

/**
 * What runs around the agent's process.
 *
 * @param preStart before each launch of it; a start whose preStart does not end with 0 has failed
 * @param postStop after each end of a start, once nothing of its tree is left
 */
public record Hooks(Optional<Hook> preStart, Optional<Hook> postStop) {
  public static final Hooks NONE = new Hooks(Optional.empty(), Optional.empty());
}
