package io.easyagent.api.client;

import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Trusts a server whose certificate comes from the pinned CA, is for servers, and either carries
 * the URI of an EasyAgent server or names the host that was connected to. The URI is enough because
 * the CA gives it to servers alone; so a server can move to another address. A host's certificate,
 * which is from the same CA, is refused: it is not for servers.
 */
final class PinnedTrustManager extends X509ExtendedTrustManager {
  static final String SERVER_URI = "urn:easyagent:server:";
  private static final int SUBJECT_NAME_URI = 6;

  private final ServerTrust trust;
  private final AtomicReference<ServerTrust.Authority> found = new AtomicReference<>();

  PinnedTrustManager(ServerTrust trust) {
    this.trust = trust;
  }

  /** The CA of the last server that was trusted. */
  Optional<ServerTrust.Authority> found() {
    return Optional.ofNullable(found.get());
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
      throws CertificateException {
    ServerTrust.Authority authority = authority(chain);
    X509ExtendedTrustManager delegate = delegate(authority);
    if (carriesServerUri(chain[0])) {
      delegate.checkServerTrusted(chain, authType);
    } else {
      delegate.checkServerTrusted(chain, authType, engine);
    }
    found.set(authority);
  }

  private ServerTrust.Authority authority(X509Certificate[] chain) throws CertificateException {
    return switch (trust) {
      case ServerTrust.Authority authority -> authority;
      case ServerTrust.Fingerprint fingerprint ->
          Arrays.stream(chain)
              .filter(certificate -> certificate.getBasicConstraints() >= 0)
              .filter(certificate -> ServerTrust.Fingerprint.of(certificate).equals(fingerprint))
              .findFirst()
              .map(certificate -> new ServerTrust.Authority(List.of(certificate)))
              .orElseThrow(() ->
                  new CertificateException(
                      "fingerprint "
                          + ServerTrust.Fingerprint.of(chain[chain.length - 1]).sha256()
                          + " (expected: "
                          + fingerprint.sha256()
                          + ")"));
    };
  }

  private static X509ExtendedTrustManager delegate(ServerTrust.Authority authority)
      throws CertificateException {
    try {
      KeyStore anchors = KeyStore.getInstance(KeyStore.getDefaultType());
      anchors.load(null, null);
      for (X509Certificate certificate : authority.certificates()) {
        anchors.setCertificateEntry("ca-" + anchors.size(), certificate);
      }
      TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
      factory.init(anchors);
      for (TrustManager manager : factory.getTrustManagers()) {
        if (manager instanceof X509ExtendedTrustManager extended) {
          return extended;
        }
      }
      throw new CertificateException("the JDK has no X.509 trust manager");
    } catch (GeneralSecurityException | IOException failure) {
      throw new CertificateException("the CA certificates cannot be used", failure);
    }
  }

  private static boolean carriesServerUri(X509Certificate certificate) throws CertificateException {
    Collection<List<?>> names = certificate.getSubjectAlternativeNames();
    return names != null
        && names.stream()
            .anyMatch(name ->
                name.get(0) instanceof Integer type
                    && type == SUBJECT_NAME_URI
                    && name.get(1) instanceof String uri
                    && uri.startsWith(SERVER_URI));
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    throw new CertificateException("a server is trusted only on a connection");
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
      throws CertificateException {
    throw new CertificateException("a server is trusted only on an engine's connection");
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    throw new CertificateException("this is a client");
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
      throws CertificateException {
    throw new CertificateException("this is a client");
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
      throws CertificateException {
    throw new CertificateException("this is a client");
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return new X509Certificate[0];
  }
}
