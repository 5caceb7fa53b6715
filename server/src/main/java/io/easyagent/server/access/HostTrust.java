package io.easyagent.server.access;

import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.function.Supplier;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Lets hosts of this fleet through the handshake: a certificate that one of the fleet's authorities
 * issued, for clients only, carrying a host's URI. Nothing else is decided here: whether the
 * certificate is revoked, superseded or over is asked with every call, so that a host whose
 * certificate expired can still renew it.
 */
public final class HostTrust extends X509ExtendedTrustManager {
  private final Supplier<? extends Collection<X509Certificate>> authorities;

  /**
   * @param authorities asked at every handshake
   */
  public HostTrust(Supplier<? extends Collection<X509Certificate>> authorities) {
    this.authorities = authorities;
  }

  private void check(X509Certificate[] chain) throws CertificateException {
    if (chain.length == 0) {
      throw new CertificateException("no certificate");
    }
    X509Certificate leaf = chain[0];
    if (HostCertificate.of(leaf).isEmpty()) {
      throw new CertificateException(
          leaf.getSubjectX500Principal()
              + ": no host's certificate (expected: for clients only, with a host's URI)");
    }
    if (authorities.get().stream().noneMatch(authority -> isIssuedBy(leaf, authority))) {
      throw new CertificateException(
          leaf.getSubjectX500Principal() + ": not issued by an authority of this fleet");
    }
  }

  /** Whether the authority's key signed the certificate. */
  static boolean isIssuedBy(X509Certificate certificate, X509Certificate authority) {
    if (!certificate.getIssuerX500Principal().equals(authority.getSubjectX500Principal())) {
      return false;
    }
    try {
      certificate.verify(authority.getPublicKey());
      return true;
    } catch (GeneralSecurityException not) {
      return false;
    }
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
    check(chain);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
      throws CertificateException {
    check(chain);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
      throws CertificateException {
    check(chain);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
    throw refusal();
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
      throws CertificateException {
    throw refusal();
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
      throws CertificateException {
    throw refusal();
  }

  /** None: a host has one certificate and is to show it, whoever issued it. */
  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return new X509Certificate[0];
  }

  private static CertificateException refusal() {
    return new CertificateException("a server does not connect to servers");
  }
}
