package io.easyagent.server.fleet;

import java.util.Optional;
import java.util.Set;

/**
 * Of a host what decides whether it can take a command.
 *
 * @param sidecarVersion as its last session said, which may be without a word; empty before the
 *     first
 * @param capabilities as its last session said; empty also for a sidecar of 1.0, which has none
 */
public record HostBrief(
    HostId id,
    String name,
    HostStatus status,
    Optional<String> sidecarVersion,
    Set<String> capabilities) {
  public HostBrief {
    capabilities = Set.copyOf(capabilities);
  }

  /** It has opened a session at least once, so that its capabilities, many or none, are known. */
  public boolean known() {
    return sidecarVersion.isPresent();
  }
}
