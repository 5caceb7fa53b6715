package io.easyagent.sidecar.identity;

import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * Who this host is at this moment. A renewed certificate and newly announced authorities are on
 * disk before they are used; connections that are made after that use them. Thread-safe.
 */
public final class CurrentIdentity {
  private static final int MOST_AUTHORITIES = 8;

  private final IdentityFolder folder;
  private final Clock clock;
  private Identity identity;
  private @Nullable TlsOfHost tls;

  /**
   * @param identity as the folder has it
   */
  public CurrentIdentity(IdentityFolder folder, Identity identity, Clock clock) {
    this.folder = folder;
    this.identity = identity;
    this.clock = clock;
  }

  public synchronized Identity identity() {
    return identity;
  }

  /** The certificate that the host shows to servers. */
  public X509Certificate certificate() {
    return identity().certificates().getFirst();
  }

  /** For the next connection. */
  public synchronized SSLSocketFactory tls() throws GeneralSecurityException {
    TlsOfHost made = tls;
    if (made == null) {
      made = new TlsOfHost(identity, clock);
      tls = made;
    }
    return made.factory();
  }

  /** Whether the authority that issues now, the first one, issued the host's certificate. */
  public boolean isIssuedByTheFirstAuthority() {
    Identity now = identity();
    return ServerCertificates.isIssuedBy(
        now.certificates().getFirst(), now.authorities().getFirst());
  }

  /**
   * Takes the place of the fleet's authorities that were known.
   *
   * @return whether they are others than before
   * @throws CertificateException when the server that said so would not be trusted any more
   * @throws IdentityException when they cannot be written
   */
  public synchronized boolean learn(List<X509Certificate> authorities)
      throws CertificateException, IdentityException {
    if (authorities.equals(identity.authorities())) {
      return false;
    }
    if (authorities.isEmpty() || authorities.size() > MOST_AUTHORITIES) {
      throw new CertificateException(
          "certificate authorities: "
              + authorities.size()
              + " (expected: 1 to "
              + MOST_AUTHORITIES
              + ")");
    }
    for (X509Certificate authority : authorities) {
      if (authority.getBasicConstraints() < 0) {
        throw new CertificateException(
            "certificate authorities: "
                + authority.getSubjectX500Principal()
                + " is no authority (expected: basic constraints that say CA)");
      }
    }
    TlsOfHost connected = tls;
    if (connected != null) {
      connected.requireLastServerTrustedBy(authorities);
    }
    folder.replaceAuthorities(authorities);
    identity =
        new Identity(
            identity.hostId(),
            identity.fleetId(),
            identity.key(),
            identity.certificates(),
            authorities,
            identity.serverAddresses(),
            identity.ephemeral());
    tls = null;
    return true;
  }

  /**
   * Takes the place of the host's key and certificates. The authorities are learned first.
   *
   * @throws CertificateException when the certificate is not for the key, or by none of the
   *     authorities, or over already
   */
  public synchronized void renew(
      PrivateKey key,
      PublicKey publicKey,
      List<X509Certificate> certificates,
      List<X509Certificate> authorities)
      throws CertificateException, IdentityException {
    learn(authorities);
    if (certificates.isEmpty() || !certificates.getFirst().getPublicKey().equals(publicKey)) {
      throw new CertificateException("the server's answer holds no certificate for the new key");
    }
    X509Certificate leaf = certificates.getFirst();
    if (authorities.stream()
        .noneMatch(authority -> ServerCertificates.isIssuedBy(leaf, authority))) {
      throw new CertificateException(
          "the new certificate is from " + leaf.getIssuerX500Principal() + ", no known authority");
    }
    if (leaf.getNotAfter().toInstant().isBefore(clock.instant())) {
      throw new CertificateException(
          "the new certificate ended "
              + leaf.getNotAfter().toInstant()
              + " (expected: later than this host's clock, "
              + clock.instant()
              + ")");
    }
    folder.replaceCredentials(key, certificates);
    identity =
        new Identity(
            identity.hostId(),
            identity.fleetId(),
            key,
            certificates,
            identity.authorities(),
            identity.serverAddresses(),
            identity.ephemeral());
    tls = null;
  }

  public Instant expires() {
    return certificate().getNotAfter().toInstant();
  }
}
