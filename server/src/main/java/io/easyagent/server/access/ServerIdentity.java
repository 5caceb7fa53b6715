package io.easyagent.server.access;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/**
 * What the server proves itself with, on both ports.
 *
 * @param authority that signed the certificate
 */
public record ServerIdentity(
    PrivateKey key, X509Certificate certificate, X509Certificate authority) {

  /** A TLS context with this identity, in memory only. */
  public SSLContext tls() {
    try {
      char[] password = new char[0];
      KeyStore keys = KeyStore.getInstance("PKCS12");
      keys.load(null, password);
      keys.setKeyEntry("server", key, password, new Certificate[] {certificate, authority});
      KeyManagerFactory managers =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      managers.init(keys, password);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(managers.getKeyManagers(), null, null);
      return context;
    } catch (GeneralSecurityException | IOException failure) {
      throw new IllegalStateException("TLS: " + failure.getMessage(), failure);
    }
  }

  @Override
  public String toString() {
    return "ServerIdentity[" + certificate.getSubjectX500Principal() + "]";
  }
}
