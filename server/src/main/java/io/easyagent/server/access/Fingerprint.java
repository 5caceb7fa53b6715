package io.easyagent.server.access;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.util.HexFormat;

/** What people and hosts know a certificate by. */
final class Fingerprint {
  private Fingerprint() {}

  /** SHA-256 of the certificate's DER, lower-case hexadecimal. */
  static String of(X509Certificate certificate) {
    try {
      return HexFormat.of()
          .formatHex(MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded()));
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
