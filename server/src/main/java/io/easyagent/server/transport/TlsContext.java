package io.easyagent.server.transport;

import io.easyagent.server.access.ServerIdentity;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** TLS of the operators' port: the server proves itself, operators prove themselves by token. */
public final class TlsContext {
  private TlsContext() {}

  public static SSLContext of(ServerIdentity identity) {
    char[] noPassword = new char[0];
    try {
      KeyStore keys = KeyStore.getInstance("PKCS12");
      keys.load(null, noPassword);
      keys.setKeyEntry(
          "server",
          identity.key(),
          noPassword,
          new Certificate[] {identity.certificate(), identity.authority()});
      KeyManagerFactory managers =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      managers.init(keys, noPassword);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(managers.getKeyManagers(), null, null);
      return context;
    } catch (GeneralSecurityException | IOException failure) {
      throw new IllegalStateException("operators' port: TLS: " + failure, failure);
    }
  }
}
