package io.easyagent.server.fleet;

import java.util.Set;

/** Of a host what decides whether it can take a command. */
public record HostBrief(HostId id, String name, HostStatus status, Set<String> capabilities) {
  public HostBrief {
    capabilities = Set.copyOf(capabilities);
  }

  /** It has opened a session at least once, so that its capabilities are known. */
  public boolean known() {
    return !capabilities.isEmpty();
  }
}
