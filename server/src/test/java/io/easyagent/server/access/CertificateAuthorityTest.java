package io.easyagent.server.access;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.easyagent.server.access.CertificateAuthority.InvalidRequestException;
import io.easyagent.server.fleet.HostId;
import io.easyagent.testkit.FakeClock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CertificateAuthorityTest {
  private final FakeClock clock = new FakeClock();
  @TempDir private Path folder;

  private CertificateAuthority open() {
    return CertificateAuthority.open(folder, clock, new SecureRandom());
  }

  private static byte[] request(String algorithm, int bits, String signature) throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
    generator.initialize(bits);
    KeyPair keys = generator.generateKeyPair();
    return new JcaPKCS10CertificationRequestBuilder(new X500Name("CN=root"), keys.getPublic())
        .build(new JcaContentSignerBuilder(signature).build(keys.getPrivate()))
        .getEncoded();
  }

  @Test
  void isTheSameAfterARestartAndItsKeyIsPrivate() throws Exception {
    CertificateAuthority first = open();
    CertificateAuthority second = open();
    assertEquals(first.fingerprint(), second.fingerprint());
    assertEquals(64, first.fingerprint().length());
    assertEquals(first.fleet(), second.fleet());
    assertEquals(
        "rw-------",
        PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("ca.key"))));
    Files.setPosixFilePermissions(
        folder.resolve("ca.key"), PosixFilePermissions.fromString("rw-r--r--"));
    assertTrue(
        assertThrows(IllegalStateException.class, this::open).getMessage().contains("rw-r--r--"));
  }

  @Test
  void aHostsCertificateIsForItsClientSideOnly() throws Exception {
    CertificateAuthority authority = open();
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
    CertificateAuthority authority = open();
    ServerIdentity identity =
        authority.issueServerIdentity(List.of("server.example.com", "10.1.2.3", "fd00::1"));
    assertEquals(List.of("1.3.6.1.5.5.7.3.1"), identity.certificate().getExtendedKeyUsage());
    String names = identity.certificate().getSubjectAlternativeNames().toString();
    assertTrue(names.contains("urn:easyagent:server:" + authority.fleet()), names);
    assertTrue(names.contains("server.example.com") && names.contains("10.1.2.3"), names);
    assertEquals(Optional.empty(), HostCertificate.of(identity.certificate()));
  }

  @Test
  void refusesRequestsThatProveNothing() throws Exception {
    CertificateAuthority authority = open();
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
    CertificateAuthority authority = open();
    HostId host = new HostId(UUID.randomUUID());
    byte[] request = request("EC", 256, "SHA256withECDSA");
    assertTrue(
        !authority
            .issueHostCertificate(host, request)
            .getSerialNumber()
            .equals(authority.issueHostCertificate(host, request).getSerialNumber()));
    assertArrayEquals(authority.certificate().getEncoded(), open().certificate().getEncoded());
  }
}
