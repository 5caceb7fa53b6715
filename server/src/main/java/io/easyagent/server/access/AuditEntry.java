package io.easyagent.server.access;

import java.time.Instant;

/**
 * Who did what.
 *
 * @param sequence from 1 on, without gaps
 * @param hash hexadecimal SHA-256 over the entry and the hash before it
 */
public record AuditEntry(long sequence, Instant at, Origin origin, Act act, String hash) {
  /**
   * @param actor the name of the token that was used
   * @param address that the request came from
   */
  public record Origin(String actor, String address) {
    /** What the server does by itself. */
    public static final Origin SERVER = new Origin("server", "local");
  }

  /**
   * @param action a stable word: batch.exec, host.remove, token.create, …
   * @param hosts how many hosts it is for
   */
  public record Act(String action, String subject, long hosts) {}
}
