package io.easyagent.server.access;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** A certificate authority as an operator brings it: good ones, and ones with a fault. */
public final class OperatorsAuthority {
  private static int made;

  private final InstantSource clock;
  private final KeyPair key;
  private final List<X509Certificate> chain;

  private OperatorsAuthority(InstantSource clock, KeyPair key, List<X509Certificate> chain) {
    this.clock = clock;
    this.key = key;
    this.chain = List.copyOf(chain);
  }

  public static OperatorsAuthority root(InstantSource clock) throws Exception {
    KeyPair key = newKey();
    made++;
    X500Name name = new X500Name("CN=Corporate root " + made);
    return new OperatorsAuthority(
        clock,
        key,
        List.of(issue(clock, name, key, name, key, true, KeyUsage.keyCertSign, Optional.empty())));
  }

  public X509Certificate certificate() {
    return chain.getFirst();
  }

  public OperatorsAuthority intermediate() throws Exception {
    return below("intermediate", true, KeyUsage.keyCertSign, Optional.empty());
  }

  OperatorsAuthority leaf() throws Exception {
    return below("leaf", false, KeyUsage.digitalSignature, Optional.empty());
  }

  OperatorsAuthority withoutCertificateSigning() throws Exception {
    return below("cannot sign", true, KeyUsage.cRLSign, Optional.empty());
  }

  OperatorsAuthority forServersOnly() throws Exception {
    return below(
        "servers only", true, KeyUsage.keyCertSign, Optional.of(KeyPurposeId.id_kp_serverAuth));
  }

  OperatorsAuthority withKeyOf(OperatorsAuthority other) {
    return new OperatorsAuthority(clock, other.key, chain);
  }

  OperatorsAuthority withIssuer(OperatorsAuthority other) {
    return new OperatorsAuthority(clock, key, List.of(chain.getFirst(), other.certificate()));
  }

  /** Writes the two files that a server is pointed to. */
  public GivenAuthority files(Path folder) throws IOException {
    Path given = Files.createTempDirectory(folder.getParent(), "given");
    Path certificates = given.resolve("ca.pem");
    try (JcaPEMWriter writer = new JcaPEMWriter(Files.newBufferedWriter(certificates))) {
      for (X509Certificate each : chain) {
        writer.writeObject(each);
      }
    }
    Path keyFile = given.resolve("ca.key");
    try (JcaPEMWriter writer = new JcaPEMWriter(Files.newBufferedWriter(keyFile))) {
      writer.writeObject(new JcaPKCS8Generator(key.getPrivate(), null));
    }
    Files.setPosixFilePermissions(keyFile, PosixFilePermissions.fromString("rw-r-----"));
    return new GivenAuthority(certificates, keyFile);
  }

  private OperatorsAuthority below(
      String name, boolean authority, int usage, Optional<KeyPurposeId> purpose) throws Exception {
    KeyPair own = newKey();
    List<X509Certificate> longer = new ArrayList<>();
    longer.add(
        issue(
            clock,
            new X500Name("CN=Corporate " + name),
            own,
            X500Name.getInstance(certificate().getSubjectX500Principal().getEncoded()),
            key,
            authority,
            usage,
            purpose));
    longer.addAll(chain);
    return new OperatorsAuthority(clock, own, longer);
  }

  private static X509Certificate issue(
      InstantSource clock,
      X500Name name,
      KeyPair own,
      X500Name issuer,
      KeyPair signer,
      boolean authority,
      int usage,
      Optional<KeyPurposeId> purpose)
      throws Exception {
    Instant now = clock.instant();
    JcaX509v3CertificateBuilder builder =
        new JcaX509v3CertificateBuilder(
            issuer,
            new BigInteger(100, new SecureRandom()),
            Date.from(now.minus(Duration.ofDays(1))),
            Date.from(now.plus(Duration.ofDays(3650))),
            name,
            own.getPublic());
    builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(authority));
    builder.addExtension(Extension.keyUsage, true, new KeyUsage(usage));
    if (purpose.isPresent()) {
      builder.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(purpose.get()));
    }
    return new JcaX509CertificateConverter()
        .getCertificate(
            builder.build(
                new JcaContentSignerBuilder("SHA256withECDSA").build(signer.getPrivate())));
  }

  private static KeyPair newKey() throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(256);
    return generator.generateKeyPair();
  }
}
