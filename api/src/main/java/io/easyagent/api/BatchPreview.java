package io.easyagent.api;

import java.util.List;
import java.util.UUID;

/**
 * What a batch would do; nothing was accepted.
 *
 * @param total hosts that match
 * @param offline matching hosts without a session: their operations would wait until the deadline
 * @param hosts the matching hosts by name; at most 1000 are listed
 */
public record BatchPreview(long total, long offline, List<Match> hosts) {
  public record Match(UUID hostId, String name, Host.Status status) {}
}
