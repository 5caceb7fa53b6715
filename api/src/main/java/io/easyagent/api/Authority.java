package io.easyagent.api;

import java.time.Instant;

/**
 * A certificate authority of the fleet.
 *
 * @param fingerprint SHA-256 of its certificate, 64 hexadecimal digits
 * @param notBefore from when its certificate is good
 * @param expires until when it is
 */
public record Authority(
    String fingerprint, String subject, Role role, Instant notBefore, Instant expires) {
  /** What it does. */
  public enum Role {
    /** Signs the certificates of hosts. */
    issuing,
    /** Trusted still; another issues. It signs the server's certificate until it is retired. */
    retiring
  }
}
