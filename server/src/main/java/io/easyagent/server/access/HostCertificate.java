package io.easyagent.server.access;

import io.easyagent.server.fleet.HostId;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * What a certificate says about a host, once its chain is verified.
 *
 * @param serial hexadecimal
 */
public record HostCertificate(HostId host, String serial) {
  static final String URI_PREFIX = "urn:easyagent:host:";

  private static final String CLIENT_AUTHENTICATION = "1.3.6.1.5.5.7.3.2";
  private static final int URI = 6;

  /** Empty when it is not a host's: its usage or its name says otherwise. */
  public static Optional<HostCertificate> of(X509Certificate certificate) {
    try {
      List<String> usages = certificate.getExtendedKeyUsage();
      Collection<List<?>> names = certificate.getSubjectAlternativeNames();
      if (usages == null || !usages.equals(List.of(CLIENT_AUTHENTICATION)) || names == null) {
        return Optional.empty();
      }
      return names.stream()
          .filter(name -> Integer.valueOf(URI).equals(name.getFirst()))
          .map(name -> String.valueOf(name.get(1)))
          .filter(uri -> uri.startsWith(URI_PREFIX))
          .map(uri -> new HostId(UUID.fromString(uri.substring(URI_PREFIX.length()))))
          .findFirst()
          .map(host -> new HostCertificate(host, serial(certificate)));
    } catch (CertificateParsingException | IllegalArgumentException malformed) {
      return Optional.empty();
    }
  }

  static String serial(X509Certificate certificate) {
    return certificate.getSerialNumber().toString(16);
  }
}
