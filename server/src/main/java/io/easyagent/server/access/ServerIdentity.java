package io.easyagent.server.access;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;

/**
 * What the server proves itself with, on both ports.
 *
 * @param authority that signed the certificate
 */
public record ServerIdentity(
    PrivateKey key, X509Certificate certificate, X509Certificate authority) {
  @Override
  public String toString() {
    return "ServerIdentity[" + certificate.getSubjectX500Principal() + "]";
  }
}
