package io.easyagent.sidecar.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ServerCertificatesTest {
  private TestAuthority fleet;
  private TestAuthority other;

  @BeforeEach
  void makeAuthorities() throws Exception {
    fleet = new TestAuthority("fleet");
    other = new TestAuthority("fleet");
  }

  @Test
  void aServerOfTheFleetIsTrustedWithAndWithoutItsAuthority() throws Exception {
    List<X509Certificate> chain = fleet.server("f1").chain();
    check(chain);
    check(List.of(chain.getFirst()));
  }

  @Test
  void anotherFleetsServerIsRefused() throws Exception {
    refuse("URI urn:easyagent:server:f2", fleet.server("f2").chain());
  }

  @Test
  void anotherAuthoritysServerIsRefused() throws Exception {
    refuse("server certificate", other.server("f1").chain());
  }

  @Test
  void aHostsCertificateIsNoServers() throws Exception {
    refuse("usage", fleet.host().chain());
    refuse(
        "usage",
        fleet
            .credentials(List.of(KeyPurposeId.id_kp_clientAuth), List.of("urn:easyagent:server:f1"))
            .chain());
  }

  @Test
  void aServerWithoutAUriIsRefused() throws Exception {
    refuse(
        "URI none", fleet.credentials(List.of(KeyPurposeId.id_kp_serverAuth), List.of()).chain());
  }

  @Test
  void anExpiredServerIsRefused() throws Exception {
    refuse("server certificate", fleet.expiredServer("f1").chain());
  }

  @Test
  void aFingerprintNamesTheAuthority() throws Exception {
    X509Certificate[] chain = fleet.server("f1").chain().toArray(X509Certificate[]::new);

    assertEquals(fleet.certificate(), ServerCertificates.checkPinned(chain, fleet.fingerprint()));
    CertificateException refusal =
        assertThrows(
            CertificateException.class,
            () -> ServerCertificates.checkPinned(chain, other.fingerprint()));
    assertTrue(refusal.getMessage().contains(fleet.fingerprint()), refusal::getMessage);
  }

  /** Whatever URI it carries. */
  @Test
  void aHostBelowTheFingerprintsAuthorityIsRefused() throws Exception {
    X509Certificate[] host =
        fleet
            .credentials(List.of(KeyPurposeId.id_kp_clientAuth), List.of("urn:easyagent:server:f1"))
            .chain()
            .toArray(X509Certificate[]::new);

    CertificateException refusal =
        assertThrows(
            CertificateException.class,
            () -> ServerCertificates.checkPinned(host, fleet.fingerprint()));
    assertTrue(refusal.getMessage().contains("usage"), refusal::getMessage);
  }

  @Test
  void theRightAuthorityBesideAForeignLeafIsRefused() throws Exception {
    X509Certificate[] mixed = {
      other.server("f1").chain().getFirst(), fleet.certificate(),
    };

    assertThrows(
        CertificateException.class,
        () -> ServerCertificates.checkPinned(mixed, fleet.fingerprint()));
  }

  @Test
  void aFingerprintOfALeafIsRefused() throws Exception {
    List<X509Certificate> chain = fleet.server("f1").chain();
    String leaf = ServerCertificates.fingerprint(chain.getFirst());

    assertThrows(
        CertificateException.class,
        () -> ServerCertificates.checkPinned(chain.toArray(X509Certificate[]::new), leaf));
  }

  private void check(List<X509Certificate> chain) throws CertificateException {
    ServerCertificates.check(
        chain.toArray(X509Certificate[]::new), List.of(fleet.certificate()), "f1");
  }

  private void refuse(String message, List<X509Certificate> chain) {
    CertificateException refusal = assertThrows(CertificateException.class, () -> check(chain));
    assertTrue(refusal.getMessage().contains(message), refusal::getMessage);
  }
}
