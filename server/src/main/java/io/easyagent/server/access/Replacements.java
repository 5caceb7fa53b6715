package io.easyagent.server.access;

import io.easyagent.server.fleet.Host;
import io.easyagent.server.fleet.HostId;
import io.easyagent.server.fleet.HostStatus;
import io.easyagent.server.fleet.HostStore;
import io.easyagent.server.store.Writer;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Finds out whether whoever enrols is a host that this server has already: it shows a certificate
 * that was issued here, be it expired, and signs its request with that certificate's key. Such a
 * host stays itself. One that is revoked, removed or conflicted does not.
 */
final class Replacements {
  private static final int LONGEST = 8 * 1024;
  private static final byte[] PURPOSE = "easyagent replace\n".getBytes(StandardCharsets.US_ASCII);

  private final Predicate<X509Certificate> issuedHere;
  private final HostCertificates certificates;
  private final HostStore hosts;
  private final Writer writer;

  /**
   * @param issuedHere whether one of the fleet's authorities signed it, whatever its time
   */
  Replacements(
      Predicate<X509Certificate> issuedHere,
      HostCertificates certificates,
      HostStore hosts,
      Writer writer) {
    this.issuedHere = issuedHere;
    this.certificates = certificates;
    this.hosts = hosts;
    this.writer = writer;
  }

  /**
   * Empty when it is none of this server's hosts, or does not show that it is.
   *
   * @param certificate DER
   * @param proof the signature, SHA256withECDSA, over what it is for and the certificate request
   */
  Optional<HostId> find(byte[] certificate, byte[] proof, byte[] certificateRequest) {
    if (certificate.length == 0 || certificate.length > LONGEST || proof.length > LONGEST) {
      return Optional.empty();
    }
    try {
      X509Certificate shown =
          (X509Certificate)
              CertificateFactory.getInstance("X.509")
                  .generateCertificate(new ByteArrayInputStream(certificate));
      if (!issuedHere.test(shown) || !proves(shown, proof, certificateRequest)) {
        return Optional.empty();
      }
      return HostCertificate.of(shown).filter(this::counts).map(HostCertificate::host);
    } catch (GeneralSecurityException malformed) {
      return Optional.empty();
    }
  }

  private static boolean proves(X509Certificate shown, byte[] proof, byte[] certificateRequest)
      throws GeneralSecurityException {
    Signature signature = Signature.getInstance("SHA256withECDSA");
    signature.initVerify(shown.getPublicKey());
    signature.update(PURPOSE);
    signature.update(certificateRequest);
    return signature.verify(proof);
  }

  private boolean counts(HostCertificate certificate) {
    return writer.write(transaction ->
        certificates
                .find(transaction, certificate)
                .equals(Optional.of(CertificateStore.Standing.ISSUED))
            && hosts
                .find(transaction, certificate.host())
                .map(Host::status)
                .filter(status -> status != HostStatus.CONFLICTED)
                .isPresent());
  }
}
