package io.easyagent.server.access;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Lets hosts enrol. The secret itself is not kept.
 *
 * @param labels given to every host that enrols with it
 * @param networks source networks in CIDR notation; empty: any
 * @param ephemeral the hosts are short-lived: removed once offline for a while
 */
public record EnrollToken(
    UUID id,
    Map<String, String> labels,
    int uses,
    int usesLeft,
    List<String> networks,
    boolean ephemeral,
    Instant createdAt,
    Instant expiresAt,
    String createdBy) {
  public EnrollToken {
    labels = Map.copyOf(labels);
    networks = List.copyOf(networks);
  }
}
