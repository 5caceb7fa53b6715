package io.easyagent.api.client;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;

/** What the server's certificate must come from; the machine's own list of CAs is never used. */
public sealed interface ServerTrust {
  /** Certificates of the CA itself. */
  record Authority(List<X509Certificate> certificates) implements ServerTrust {
    public Authority {
      certificates = List.copyOf(certificates);
      if (certificates.isEmpty()) {
        throw new IllegalArgumentException("CA certificates: none (expected: at least one)");
      }
    }

    /**
     * Reads PEM.
     *
     * @throws IllegalArgumentException for text that holds no certificate, or a broken one
     */
    public static Authority parse(String pem) {
      try {
        Collection<X509Certificate> certificates =
            CertificateFactory.getInstance("X.509")
                .generateCertificates(
                    new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII)))
                .stream()
                .map(X509Certificate.class::cast)
                .toList();
        return new Authority(List.copyOf(certificates));
      } catch (CertificateException broken) {
        throw new IllegalArgumentException(
            "CA certificates: not readable (expected: PEM certificates)", broken);
      }
    }
  }

  /**
   * The SHA-256 of the CA's certificate, which the server must send along with its own.
   *
   * @param sha256 64 lower-case hexadecimal digits
   */
  record Fingerprint(String sha256) implements ServerTrust {
    public Fingerprint {
      if (!sha256.matches("[0-9a-f]{64}")) {
        throw new IllegalArgumentException(
            "fingerprint: \"" + sha256 + "\" (expected: 64 hexadecimal digits)");
      }
    }

    /** Reads any case, with or without colons and a {@code sha256:} in front. */
    public static Fingerprint parse(String text) {
      String digits = text.strip().toLowerCase(Locale.ROOT);
      if (digits.startsWith("sha256:")) {
        digits = digits.substring("sha256:".length());
      }
      return new Fingerprint(digits.replace(":", ""));
    }

    /** The fingerprint of a certificate. */
    public static Fingerprint of(X509Certificate certificate) {
      return new Fingerprint(HexFormat.of().formatHex(Sha256.of(certificate)));
    }
  }
}
