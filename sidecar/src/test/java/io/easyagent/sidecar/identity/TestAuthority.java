package io.easyagent.sidecar.identity;

import java.math.BigInteger;
import java.security.KeyPair;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** A fleet's certificate authority, for tests. */
public final class TestAuthority {
  /** Of hosts, shorter than of servers. */
  private static final Map<List<KeyPurposeId>, Duration> LIFE =
      Map.of(List.of(KeyPurposeId.id_kp_clientAuth), Duration.ofDays(12));

  private final X500Name name;
  private final KeyPair key;
  private final X509Certificate certificate;

  public TestAuthority(String commonName) throws Exception {
    name = new X500Name("CN=" + commonName);
    key = CertificateRequest.newKey();
    certificate = issue(name, key.getPublic(), List.of(), List.of(), true, Duration.ZERO);
  }

  /** A key with its certificates, the authority's last. */
  public record Credentials(PrivateKey key, List<X509Certificate> chain) {}

  public X509Certificate certificate() {
    return certificate;
  }

  public String fingerprint() throws Exception {
    return HexFormat.of()
        .formatHex(MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded()));
  }

  public Credentials server(String fleetId) throws Exception {
    return credentials(
        List.of(KeyPurposeId.id_kp_serverAuth), List.of("urn:easyagent:server:" + fleetId));
  }

  public Credentials host() throws Exception {
    return credentials(List.of(KeyPurposeId.id_kp_clientAuth), List.of());
  }

  public Credentials credentials(List<KeyPurposeId> usages, List<String> uris) throws Exception {
    KeyPair own = CertificateRequest.newKey();
    return new Credentials(own.getPrivate(), chain(own.getPublic(), usages, uris, Duration.ZERO));
  }

  public Credentials expiredServer(String fleetId) throws Exception {
    KeyPair own = CertificateRequest.newKey();
    return new Credentials(
        own.getPrivate(),
        chain(
            own.getPublic(),
            List.of(KeyPurposeId.id_kp_serverAuth),
            List.of("urn:easyagent:server:" + fleetId),
            Duration.ofDays(130)));
  }

  /** Certificates for a host's key, the authority's last. */
  public List<X509Certificate> hostChain(PublicKey host) throws Exception {
    return chain(host, List.of(KeyPurposeId.id_kp_clientAuth), List.of(), Duration.ZERO);
  }

  public Identity identity(UUID hostId, String fleetId) throws Exception {
    Credentials host = host();
    return new Identity(
        hostId,
        fleetId,
        host.key(),
        List.of(host.chain().getFirst()),
        List.of(certificate),
        List.of("localhost:8890"),
        false);
  }

  private List<X509Certificate> chain(
      PublicKey own, List<KeyPurposeId> usages, List<String> uris, Duration age) throws Exception {
    return List.of(issue(new X500Name("CN=leaf"), own, usages, uris, false, age), certificate);
  }

  private X509Certificate issue(
      X500Name subject,
      PublicKey own,
      List<KeyPurposeId> usages,
      List<String> uris,
      boolean authority,
      Duration age)
      throws Exception {
    Instant from = Instant.now().minus(Duration.ofHours(1)).minus(age);
    JcaX509v3CertificateBuilder builder =
        new JcaX509v3CertificateBuilder(
            name,
            new BigInteger(64, new java.security.SecureRandom()),
            Date.from(from),
            Date.from(from.plus(LIFE.getOrDefault(usages, Duration.ofDays(100)))),
            subject,
            own);
    builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(authority));
    if (!usages.isEmpty()) {
      builder.addExtension(
          Extension.extendedKeyUsage,
          false,
          new ExtendedKeyUsage(usages.toArray(KeyPurposeId[]::new)));
    }
    if (!uris.isEmpty()) {
      List<GeneralName> names = new ArrayList<>();
      uris.forEach(uri -> names.add(new GeneralName(GeneralName.uniformResourceIdentifier, uri)));
      builder.addExtension(
          Extension.subjectAlternativeName,
          false,
          new GeneralNames(names.toArray(GeneralName[]::new)));
    }
    return new JcaX509CertificateConverter()
        .getCertificate(
            builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(key.getPrivate())));
  }
}
