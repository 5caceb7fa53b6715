package io.easyagent.api.client;

import java.util.Optional;

/** Which hosts to list; an empty query lists all. */
public record HostQuery(Optional<String> selector, Optional<String> name) {
  public static HostQuery all() {
    return new HostQuery(Optional.empty(), Optional.empty());
  }
}
