package io.easyagent.sidecar.identity;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;

/** TLS 1.3 to the server, as an enrolled host or as one that is about to enrol. */
public final class Tls {

  private Tls() {}

  /** The server that a fingerprint was checked against. */
  public record PinnedServer(X509Certificate authority, String fleetId) {}

  /** Presents the host's certificate. */
  static SSLSocketFactory mutual(Identity identity, ServerTrust.Rule servers)
      throws GeneralSecurityException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    try {
      store.load(null, null);
    } catch (IOException impossible) {
      throw new GeneralSecurityException(impossible);
    }
    char[] password = new char[0];
    store.setKeyEntry(
        "host", identity.key(), password, identity.certificates().toArray(X509Certificate[]::new));
    KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
    keys.init(store, password);
    return factory(keys.getKeyManagers(), servers);
  }

  /** Presents no certificate, and trusts the servers of the fleet that was checked before. */
  public static SSLSocketFactory anonymous(PinnedServer server) throws GeneralSecurityException {
    return factory(
        null,
        presented ->
            ServerCertificates.check(presented, List.of(server.authority()), server.fleetId()));
  }

  /**
   * Shakes hands with a server and sends nothing else.
   *
   * @param fingerprint SHA-256 of the authority's certificate, lower-case hexadecimal
   * @throws CertificateException when the server is not the one that the fingerprint names
   * @throws IOException when there is no answer
   */
  public static PinnedServer check(InetSocketAddress address, String fingerprint, Duration timeout)
      throws IOException, GeneralSecurityException {
    AtomicReference<@Nullable PinnedServer> checked = new AtomicReference<>();
    AtomicReference<@Nullable CertificateException> refused = new AtomicReference<>();
    SSLSocketFactory factory =
        factory(
            null,
            presented -> {
              try {
                X509Certificate authority = ServerCertificates.checkPinned(presented, fingerprint);
                String fleet =
                    ServerCertificates.findFleet(presented[0])
                        .orElseThrow(() ->
                            new CertificateException("server certificate: no URI of a fleet"));
                checked.set(new PinnedServer(authority, fleet));
              } catch (CertificateException refusal) {
                refused.set(refusal);
                throw refusal;
              }
            });
    try (Socket plain = new Socket()) {
      int millis = Math.toIntExact(timeout.toMillis());
      plain.connect(address, millis);
      plain.setSoTimeout(millis);
      try (SSLSocket socket =
          (SSLSocket)
              factory.createSocket(plain, address.getHostString(), address.getPort(), true)) {
        socket.setEnabledProtocols(new String[] {"TLSv1.3"});
        var parameters = socket.getSSLParameters();
        parameters.setApplicationProtocols(new String[] {"h2"});
        socket.setSSLParameters(parameters);
        socket.startHandshake();
      }
    } catch (IOException failure) {
      CertificateException refusal = refused.get();
      if (refusal != null) {
        throw refusal;
      }
      throw failure;
    }
    PinnedServer server = checked.get();
    if (server == null) {
      throw new IOException("the server presented no certificate");
    }
    return server;
  }

  private static SSLSocketFactory factory(KeyManager @Nullable [] keys, ServerTrust.Rule rule)
      throws GeneralSecurityException {
    SSLContext context = SSLContext.getInstance("TLSv1.3");
    context.init(keys, new TrustManager[] {new ServerTrust(rule)}, null);
    return context.getSocketFactory();
  }
}
