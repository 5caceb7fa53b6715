package io.easyagent.server.access;

import io.easyagent.server.access.CertificateAuthority.Material;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * An authority that the operator gives, root or intermediate. It is read from the operator's own
 * files at each start; its key is never copied.
 *
 * @param certificates PEM: the authority's own first, then those above it
 * @param key PEM, not encrypted, not readable by everybody
 */
public record GivenAuthority(Path certificates, Path key) {
  private static final int SIGNS_CERTIFICATES = 5;
  private static final String ANY_USAGE = "2.5.29.37.0";
  private static final List<String> NEEDED_USAGES =
      List.of("1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2");
  private static final Set<PosixFilePermission> TOO_MUCH =
      EnumSet.of(
          PosixFilePermission.GROUP_WRITE,
          PosixFilePermission.OTHERS_READ,
          PosixFilePermission.OTHERS_WRITE);

  /**
   * @throws IllegalStateException naming the setting, the file, what is wrong and what was expected
   */
  Material read(Instant now) {
    try {
      List<X509Certificate> chain = Pem.certificates(certificates);
      checkAuthority(chain.getFirst(), now);
      checkOrder(chain);
      requirePrivate();
      PrivateKey signing = Pem.key(key);
      if (!belongTogether(signing, chain.getFirst())) {
        throw wrong("caKey", key, "is not the key of the first certificate in " + certificates);
      }
      return new Material(signing, chain);
    } catch (IOException unreadable) {
      throw new IllegalStateException(
          "the given authority cannot be read: " + unreadable.getMessage(), unreadable);
    } catch (GeneralSecurityException broken) {
      throw new IllegalStateException(
          "the given authority in " + certificates + " cannot be used: " + broken.getMessage(),
          broken);
    }
  }

  private void checkAuthority(X509Certificate authority, Instant now)
      throws GeneralSecurityException {
    if (authority.getBasicConstraints() < 0) {
      throw wrong(
          "caCertificates",
          certificates,
          "begins with the certificate of "
              + authority.getSubjectX500Principal()
              + ", which is no authority (expected: basic constraints that say CA)");
    }
    boolean[] usage = authority.getKeyUsage();
    if (usage == null || !usage[SIGNS_CERTIFICATES]) {
      throw wrong(
          "caCertificates",
          certificates,
          "its first certificate may not sign certificates (expected: key usage keyCertSign)");
    }
    List<String> usages = authority.getExtendedKeyUsage();
    if (usages != null && !usages.contains(ANY_USAGE) && !usages.containsAll(NEEDED_USAGES)) {
      throw wrong(
          "caCertificates",
          certificates,
          "its first certificate is limited to the usages "
              + usages
              + " (expected: no limit, or serverAuth and clientAuth)");
    }
    if (now.isBefore(authority.getNotBefore().toInstant())
        || !now.isBefore(authority.getNotAfter().toInstant())) {
      throw wrong(
          "caCertificates",
          certificates,
          "its first certificate is good from "
              + authority.getNotBefore().toInstant()
              + " to "
              + authority.getNotAfter().toInstant()
              + " (expected: now, "
              + now
              + ")");
    }
    boolean strong =
        switch (authority.getPublicKey()) {
          case ECPublicKey elliptic -> elliptic.getParams().getOrder().bitLength() >= 256;
          case RSAPublicKey rsa -> rsa.getModulus().bitLength() >= 2048;
          default -> false;
        };
    if (!strong) {
      throw wrong(
          "caCertificates",
          certificates,
          "its first certificate has a key of another kind or too weak a one (expected: EC of 256"
              + " bits or RSA of 2048 bits at least)");
    }
  }

  private void checkOrder(List<X509Certificate> chain) {
    for (int index = 1; index < chain.size(); index++) {
      X509Certificate below = chain.get(index - 1);
      X509Certificate above = chain.get(index);
      if (!HostTrust.isIssuedBy(below, above)) {
        throw wrong(
            "caCertificates",
            certificates,
            "certificate "
                + (index + 1)
                + ", "
                + above.getSubjectX500Principal()
                + ", did not issue the one before it (expected: each is followed by its issuer)");
      }
    }
  }

  private void requirePrivate() throws IOException {
    Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(key);
    if (permissions.stream().anyMatch(TOO_MUCH::contains)) {
      throw wrong(
          "caKey",
          key,
          "has the mode "
              + PosixFilePermissions.toString(permissions)
              + " (expected: rw------- or rw-r-----)");
    }
  }

  private static boolean belongTogether(PrivateKey key, X509Certificate certificate)
      throws GeneralSecurityException {
    if (!key.getAlgorithm().equals(certificate.getPublicKey().getAlgorithm())
        && !(key.getAlgorithm().equals("ECDSA")
            && certificate.getPublicKey().getAlgorithm().equals("EC"))) {
      return false;
    }
    Signature signature =
        Signature.getInstance(
            key.getAlgorithm().equals("RSA") ? "SHA256withRSA" : "SHA256withECDSA");
    byte[] probe = {1, 2, 3};
    signature.initSign(key);
    signature.update(probe);
    byte[] signed = signature.sign();
    signature.initVerify(certificate.getPublicKey());
    signature.update(probe);
    return signature.verify(signed);
  }

  private static IllegalStateException wrong(String setting, Path file, String what) {
    return new IllegalStateException(setting + ": " + file + ": " + what);
  }
}
