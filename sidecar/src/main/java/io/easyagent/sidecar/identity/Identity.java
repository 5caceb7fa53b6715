package io.easyagent.sidecar.identity;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.UUID;

/**
 * What enrolment gave this host.
 *
 * @param certificates the host's own first
 * @param authorities the fleet's, by which servers are known
 * @param serverAddresses {@code HOST:PORT}, as enrolment used them
 * @param ephemeral the host leaves the fleet when its machine shuts down
 */
public record Identity(
    UUID hostId,
    String fleetId,
    PrivateKey key,
    List<X509Certificate> certificates,
    List<X509Certificate> authorities,
    List<String> serverAddresses,
    boolean ephemeral) {

  public Identity {
    certificates = List.copyOf(certificates);
    authorities = List.copyOf(authorities);
    serverAddresses = List.copyOf(serverAddresses);
  }

  /** Without the key. */
  @Override
  public String toString() {
    return "host " + hostId + " of fleet " + fleetId;
  }
}
