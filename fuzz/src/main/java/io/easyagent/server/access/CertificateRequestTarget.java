package io.easyagent.server.access;

import io.easyagent.fuzz.FuzzTarget;
import io.easyagent.server.fleet.HostId;
import io.easyagent.sidecar.identity.CertificateRequest;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;

/** Certificate requests of hosts: nothing of one but its key gets into the certificate. */
public final class CertificateRequestTarget implements FuzzTarget {
  private final HostId host = new HostId(new UUID(1, 2));
  private final CertificateAuthority authority;

  public CertificateRequestTarget() {
    UUID fleet = new UUID(3, 4);
    InstantSource clock = InstantSource.system();
    SecureRandom random = new SecureRandom();
    try {
      authority =
          new CertificateAuthority(
              CertificateAuthority.make(fleet, clock, random), fleet, clock, random);
    } catch (GeneralSecurityException failure) {
      throw new IllegalStateException(failure);
    }
  }

  @Override
  public List<byte[]> seeds() {
    try {
      return List.of(CertificateRequest.encode(CertificateRequest.newKey()));
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  @Override
  public void attack(byte[] input) throws GeneralSecurityException {
    try {
      X509Certificate certificate = authority.issueHostCertificate(host, input);
      FuzzTarget.must(
          certificate.getSubjectX500Principal().getName().equals("CN=" + host),
          "subject " + certificate.getSubjectX500Principal());
      FuzzTarget.must(
          certificate.getBasicConstraints() < 0 && certificate.getExtendedKeyUsage().size() == 1,
          "more than a host's certificate: " + certificate);
    } catch (CertificateAuthority.InvalidRequestException refused) {
      // as it must be
    }
  }
}
