package io.easyagent.server.access;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;

/**
 * What the server proves itself with, on both ports.
 *
 * @param chain its certificate first, then the authority that signed it, then those above
 */
public record ServerIdentity(PrivateKey key, List<X509Certificate> chain) {
  /** Before the fleet's id, in the server's certificate. */
  static final String URI_PREFIX = "urn:easyagent:server:";

  public ServerIdentity {
    chain = List.copyOf(chain);
  }

  public X509Certificate certificate() {
    return chain.getFirst();
  }

  public Instant expires() {
    return certificate().getNotAfter().toInstant();
  }

  /** Without the key. */
  @Override
  public String toString() {
    return "ServerIdentity[" + certificate().getSubjectX500Principal() + "]";
  }
}
