package io.easyagent.sidecar.identity;

import java.security.GeneralSecurityException;
import java.security.InvalidAlgorithmParameterException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertPathValidator;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.Date;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The rules by which a server's certificates are judged: issued by a known authority, made for
 * servers, carrying the fleet's URI. The DNS name is not looked at, so that a server can move.
 */
final class ServerCertificates {
  private static final String SERVER_AUTHENTICATION = "1.3.6.1.5.5.7.3.1";
  private static final String URI_PREFIX = "urn:easyagent:server:";
  private static final int URI_NAME = 6;

  private ServerCertificates() {}

  /** By the machine's own time. */
  static void check(
      X509Certificate[] presented, Collection<X509Certificate> authorities, String fleetId)
      throws CertificateException {
    checkServer(presented, authorities, fleetId, null);
  }

  static void checkAt(
      X509Certificate[] presented,
      Collection<X509Certificate> authorities,
      String fleetId,
      Instant now)
      throws CertificateException {
    checkServer(presented, authorities, fleetId, Date.from(now));
  }

  private static void checkServer(
      X509Certificate[] presented,
      Collection<X509Certificate> authorities,
      String fleetId,
      @Nullable Date now)
      throws CertificateException {
    checkPath(presented, authorities, now);
    checkUsage(presented[0]);
    Optional<String> fleet = findFleet(presented[0]);
    if (!fleet.equals(Optional.of(fleetId))) {
      throw new CertificateException(
          "server certificate: URI "
              + fleet.map(id -> URI_PREFIX + id).orElse("none")
              + " (expected: "
              + URI_PREFIX
              + fleetId
              + ")");
    }
  }

  /** Checks a server that only a fingerprint is known of; returns its authority. */
  static X509Certificate checkPinned(X509Certificate[] presented, String fingerprint)
      throws CertificateException {
    X509Certificate authority = null;
    for (X509Certificate certificate : presented) {
      if (fingerprint(certificate).equals(fingerprint)) {
        authority = certificate;
      }
    }
    if (authority == null) {
      throw new CertificateException(
          "fingerprint: the server presents "
              + fingerprint(presented[presented.length - 1])
              + " (expected: "
              + fingerprint
              + ")");
    }
    if (authority.getBasicConstraints() < 0) {
      throw new CertificateException("fingerprint: names a certificate that is no authority");
    }
    checkPath(presented, List.of(authority), null);
    checkUsage(presented[0]);
    return authority;
  }

  /** The fleet that a server's certificate names. */
  static Optional<String> findFleet(X509Certificate certificate) throws CertificateException {
    Collection<List<?>> names = certificate.getSubjectAlternativeNames();
    if (names == null) {
      return Optional.empty();
    }
    return names.stream()
        .filter(name -> Integer.valueOf(URI_NAME).equals(name.get(0)))
        .map(name -> String.valueOf(name.get(1)))
        .filter(uri -> uri.startsWith(URI_PREFIX) && uri.length() > URI_PREFIX.length())
        .map(uri -> uri.substring(URI_PREFIX.length()))
        .findFirst();
  }

  /** SHA-256 of the certificate's DER, lower-case hexadecimal. */
  static String fingerprint(X509Certificate certificate) throws CertificateException {
    try {
      return HexFormat.of()
          .formatHex(MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded()));
    } catch (GeneralSecurityException failure) {
      throw new CertificateException(failure);
    }
  }

  /** Whether the authority's key signed the certificate. */
  static boolean isIssuedBy(X509Certificate certificate, X509Certificate authority) {
    try {
      certificate.verify(authority.getPublicKey());
      return certificate.getIssuerX500Principal().equals(authority.getSubjectX500Principal());
    } catch (GeneralSecurityException not) {
      return false;
    }
  }

  /**
   * @param now null: the machine's own time
   */
  private static void checkPath(
      X509Certificate[] presented, Collection<X509Certificate> authorities, @Nullable Date now)
      throws CertificateException {
    if (presented.length == 0) {
      throw new CertificateException("the server presents no certificate");
    }
    Set<TrustAnchor> anchors = new HashSet<>();
    authorities.forEach(authority -> anchors.add(new TrustAnchor(authority, null)));
    // The path ends before the anchor, and servers may present the anchor too.
    List<X509Certificate> path =
        Arrays.stream(presented)
            .takeWhile(certificate -> !authorities.contains(certificate))
            .toList();
    if (path.isEmpty()) {
      throw new CertificateException("the server presents its authority as its own certificate");
    }
    try {
      PKIXParameters parameters = new PKIXParameters(anchors);
      parameters.setRevocationEnabled(false);
      parameters.setDate(now);
      CertPathValidator.getInstance("PKIX")
          .validate(CertificateFactory.getInstance("X.509").generateCertPath(path), parameters);
    } catch (CertPathValidatorException untrusted) {
      throw new CertificateException("server certificate: " + untrusted.getMessage(), untrusted);
    } catch (InvalidAlgorithmParameterException | NoSuchAlgorithmException broken) {
      throw new CertificateException(broken);
    }
  }

  private static void checkUsage(X509Certificate certificate) throws CertificateException {
    List<String> usages = certificate.getExtendedKeyUsage();
    if (usages == null || !usages.contains(SERVER_AUTHENTICATION)) {
      throw new CertificateException(
          "server certificate: usage " + usages + " (expected: server authentication)");
    }
  }
}
