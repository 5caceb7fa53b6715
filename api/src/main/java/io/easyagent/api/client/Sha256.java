package io.easyagent.api.client;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;

/** SHA-256 of what the client pins and sends. */
final class Sha256 {
  private static final int CHUNK = 64 * 1024;

  private Sha256() {}

  static byte[] of(X509Certificate certificate) {
    try {
      return digest().digest(certificate.getEncoded());
    } catch (CertificateEncodingException broken) {
      throw new IllegalArgumentException("certificate: cannot be encoded", broken);
    }
  }

  static byte[] of(Path file) throws IOException {
    MessageDigest digest = digest();
    byte[] chunk = new byte[CHUNK];
    try (InputStream in = Files.newInputStream(file)) {
      for (int read = in.read(chunk); read >= 0; read = in.read(chunk)) {
        digest.update(chunk, 0, read);
      }
    }
    return digest.digest();
  }

  private static MessageDigest digest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every JDK has SHA-256", impossible);
    }
  }
}
