package io.easyagent.server.access;

import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.openssl.PEMEncryptedKeyPair;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.bouncycastle.pkcs.PKCS8EncryptedPrivateKeyInfo;

/** PEM files as this program and others write them. */
final class Pem {
  private static final long LARGEST = 256 * 1024;

  private Pem() {}

  /**
   * The first key of the file, PKCS#8 or as OpenSSL writes it.
   *
   * @throws IOException naming the file, also for a key that is encrypted
   */
  static PrivateKey key(Path file) throws IOException {
    for (Object object : objects(file)) {
      switch (object) {
        case PrivateKeyInfo plain -> {
          return new JcaPEMKeyConverter().getPrivateKey(plain);
        }
        case PEMKeyPair pair -> {
          return new JcaPEMKeyConverter().getPrivateKey(pair.getPrivateKeyInfo());
        }
        case PKCS8EncryptedPrivateKeyInfo encrypted -> throw encrypted(file);
        case PEMEncryptedKeyPair encrypted -> throw encrypted(file);
        default -> {
          // Parameters of curves and certificates may stand beside a key.
        }
      }
    }
    throw new IOException(file + ": no private key (expected: one, PEM)");
  }

  /**
   * Every certificate of the file, in its order; one at least.
   *
   * @throws IOException naming the file
   */
  static List<X509Certificate> certificates(Path file) throws IOException {
    List<X509Certificate> certificates = new ArrayList<>();
    for (Object object : objects(file)) {
      if (object instanceof X509CertificateHolder holder) {
        try {
          certificates.add(new JcaX509CertificateConverter().getCertificate(holder));
        } catch (CertificateException malformed) {
          throw new IOException(file + ": " + malformed.getMessage(), malformed);
        }
      }
    }
    if (certificates.isEmpty()) {
      throw new IOException(file + ": no certificate (expected: at least one, PEM)");
    }
    return certificates;
  }

  private static List<Object> objects(Path file) throws IOException {
    if (Files.size(file) > LARGEST) {
      throw new IOException(
          file + ": " + Files.size(file) + " bytes (expected: at most " + LARGEST + ")");
    }
    List<Object> objects = new ArrayList<>();
    try (PEMParser parser =
        new PEMParser(new StringReader(Files.readString(file, StandardCharsets.ISO_8859_1)))) {
      for (Object object = parser.readObject(); object != null; object = parser.readObject()) {
        objects.add(object);
      }
    } catch (IOException | RuntimeException malformed) {
      throw new IOException(file + ": not PEM: " + malformed.getMessage(), malformed);
    }
    return objects;
  }

  private static IOException encrypted(Path file) {
    return new IOException(file + ": the key is encrypted (expected: one without a passphrase)");
  }
}
