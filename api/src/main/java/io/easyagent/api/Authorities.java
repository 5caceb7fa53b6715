package io.easyagent.api;

import java.time.Instant;
import java.util.List;

/**
 * Who issues the fleet's certificates.
 *
 * @param authorities the one that issues first; two while one takes the place of another
 * @param pinned fingerprint that hosts enrol with and operators log in with: of the authority that
 *     signed the server's certificate
 * @param serverCertificateExpires the server renews it by itself
 * @param hostsToMove hosts that do not use a certificate of the issuing authority yet
 * @param someHostsToMove names of a few of them
 * @param pem the certificates of all of them
 */
public record Authorities(
    List<Authority> authorities,
    String pinned,
    Instant serverCertificateExpires,
    long hostsToMove,
    List<String> someHostsToMove,
    String pem) {
  public Authorities {
    authorities = List.copyOf(authorities);
    someHostsToMove = List.copyOf(someHostsToMove);
  }
}
