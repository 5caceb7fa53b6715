package io.easyagent.api.client;

import java.util.Optional;

/**
 * Which events to list or watch; an empty query means all.
 *
 * @param after only events with a greater id
 */
public record EventQuery(
    Optional<String> host, Optional<String> agent, Optional<String> kind, Optional<Long> after) {
  public static EventQuery all() {
    return new EventQuery(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
  }
}
