package io.easyagent.server.access;

import java.time.Instant;

/**
 * Where an audit log begins whose oldest part was removed.
 *
 * @param removed the last entry that was: the chain goes on from it
 * @param movedAt when that was decided
 */
public record AuditAnchor(AuditHead removed, Instant movedAt) {
  /** The action of the entry that says so. */
  static final String ACTION = "audit.remove";

  /** What that entry says. */
  String subject() {
    return "entries up to %d, the last one with the hash %s"
        .formatted(removed.sequence(), removed.hash());
  }
}
