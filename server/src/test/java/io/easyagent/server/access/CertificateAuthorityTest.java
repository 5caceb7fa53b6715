package io.easyagent.server.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.easyagent.server.access.CertificateAuthority.InvalidRequestException;
import io.easyagent.server.fleet.HostId;
import io.easyagent.testkit.FakeClock;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CertificateAuthorityTest {
  private static final UUID FLEET = UUID.randomUUID();
  private final FakeClock clock = new FakeClock();
  private final SecureRandom random = new SecureRandom();
  private CertificateAuthority authority;

  @BeforeEach
  void make() throws Exception {
    authority =
        new CertificateAuthority(
            CertificateAuthority.make(FLEET, clock, random), FLEET, clock, random);
  }

  static byte[] request(String algorithm, int bits, String signature) throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
    generator.initialize(bits);
    KeyPair keys = generator.generateKeyPair();
    return new JcaPKCS10CertificationRequestBuilder(new X500Name("CN=root"), keys.getPublic())
        .build(new JcaContentSignerBuilder(signature).build(keys.getPrivate()))
        .getEncoded();
  }

  @Test
  void aHostsCertificateIsForItsClientSideOnly() throws Exception {
    HostId host = new HostId(UUID.randomUUID());
    X509Certificate certificate =
        authority.issueHostCertificate(host, request("EC", 256, "SHA256withECDSA"));
    certificate.verify(authority.certificate().getPublicKey());
    assertEquals(List.of("1.3.6.1.5.5.7.3.2"), certificate.getExtendedKeyUsage());
    assertEquals("CN=" + host, certificate.getSubjectX500Principal().getName());
    assertEquals(-1, certificate.getBasicConstraints());
    assertEquals(clock.instant().plus(Duration.ofDays(365)), certificate.getNotAfter().toInstant());
    assertEquals(Optional.of(host), HostCertificate.of(certificate).map(HostCertificate::host));
  }

  @Test
  void theServersCertificateIsNoHosts() throws Exception {
    ServerIdentity identity =
        authority.issueServerIdentity(List.of("server.example.com", "10.1.2.3", "fd00::1"));
    assertEquals(List.of("1.3.6.1.5.5.7.3.1"), identity.certificate().getExtendedKeyUsage());
    String names = identity.certificate().getSubjectAlternativeNames().toString();
    assertTrue(names.contains("urn:easyagent:server:" + FLEET), names);
    assertTrue(names.contains("server.example.com") && names.contains("10.1.2.3"), names);
    assertEquals(Optional.empty(), HostCertificate.of(identity.certificate()));
  }

  @Test
  void noCertificateOutlivesItsAuthority() throws Exception {
    clock.advance(Duration.ofDays(20 * 365 - 100));
    assertEquals(
        authority.certificate().getNotAfter(),
        authority
            .issueHostCertificate(
                new HostId(UUID.randomUUID()), request("EC", 256, "SHA256withECDSA"))
            .getNotAfter());
    assertEquals(
        authority.certificate().getNotAfter().toInstant(),
        authority.issueServerIdentity(List.of()).expires());
  }

  @Test
  void refusesRequestsThatProveNothing() throws Exception {
    HostId host = new HostId(UUID.randomUUID());
    byte[] forged = request("EC", 256, "SHA256withECDSA");
    forged[forged.length - 1] ^= 1;
    for (byte[] bad :
        List.of(
            forged,
            new byte[0],
            new byte[100],
            new byte[9000],
            request("RSA", 1024, "SHA256withRSA"))) {
      assertThrows(InvalidRequestException.class, () -> authority.issueHostCertificate(host, bad));
    }
  }

  @Test
  void issuesDifferentSerials() throws Exception {
    HostId host = new HostId(UUID.randomUUID());
    byte[] request = request("EC", 256, "SHA256withECDSA");
    assertNotEquals(
        authority.issueHostCertificate(host, request).getSerialNumber(),
        authority.issueHostCertificate(host, request).getSerialNumber());
  }
}
