package io.easyagent.server.fleet;

import java.util.Optional;

/** Which hosts a list shows; every given part must match. */
public record HostQuery(Optional<Selector> selector, Optional<String> name) {
  public static final HostQuery ALL = new HostQuery(Optional.empty(), Optional.empty());
}
