package io.easyagent.testkit.https;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** A CA made for one test, and TLS contexts with certificates from it. */
public final class TestAuthority {
  private static final Duration LIFETIME = Duration.ofDays(1);
  private static final char[] PASSWORD = "test".toCharArray();
  private static final AtomicLong SERIAL = new AtomicLong(1);

  /** What a certificate may be used for. */
  public enum Purpose {
    server(KeyPurposeId.id_kp_serverAuth),
    client(KeyPurposeId.id_kp_clientAuth);

    private final KeyPurposeId id;

    Purpose(KeyPurposeId id) {
      this.id = id;
    }
  }

  private final X500Name name = new X500Name("CN=test CA");
  private final KeyPair key;
  private final X509Certificate certificate;

  public TestAuthority() {
    this.key = newKey();
    this.certificate = issue(key, name, List.of(), Optional.empty());
  }

  public X509Certificate certificate() {
    return certificate;
  }

  public String pem() {
    try {
      return "-----BEGIN CERTIFICATE-----\n"
          + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(certificate.getEncoded())
          + "\n-----END CERTIFICATE-----\n";
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /** The context of a server that carries the URI; it sends the CA's certificate too. */
  public SSLContext serverWithUri(String uri) {
    return context(
        Purpose.server, List.of(new GeneralName(GeneralName.uniformResourceIdentifier, uri)));
  }

  /** The context of a server that is known by a DNS name alone. */
  public SSLContext serverWithName(String dnsName) {
    return context(Purpose.server, List.of(new GeneralName(GeneralName.dNSName, dnsName)));
  }

  /** The context of somebody with a client's certificate who plays the server. */
  public SSLContext clientPlayingServer(String uri) {
    return context(
        Purpose.client, List.of(new GeneralName(GeneralName.uniformResourceIdentifier, uri)));
  }

  private SSLContext context(Purpose purpose, List<GeneralName> names) {
    try {
      KeyPair own = newKey();
      X509Certificate leaf =
          issue(own, new X500Name("CN=test " + purpose), names, Optional.of(purpose));
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      store.setKeyEntry("own", own.getPrivate(), PASSWORD, new Certificate[] {leaf, certificate});
      KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
      keys.init(store, PASSWORD);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keys.getKeyManagers(), null, null);
      return context;
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException(impossible);
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
  }

  private X509Certificate issue(
      KeyPair subjectKey, X500Name subject, List<GeneralName> names, Optional<Purpose> purpose) {
    Instant now = Instant.now();
    try {
      JcaX509v3CertificateBuilder builder =
          new JcaX509v3CertificateBuilder(
              name,
              BigInteger.valueOf(SERIAL.getAndIncrement()),
              Date.from(now.minus(LIFETIME)),
              Date.from(now.plus(LIFETIME)),
              subject,
              subjectKey.getPublic());
      builder.addExtension(
          Extension.basicConstraints, true, new BasicConstraints(purpose.isEmpty()));
      if (purpose.isPresent()) {
        builder.addExtension(
            Extension.extendedKeyUsage, false, new ExtendedKeyUsage(purpose.get().id));
        builder.addExtension(
            Extension.subjectAlternativeName,
            false,
            new GeneralNames(names.toArray(new GeneralName[0])));
      } else {
        builder.addExtension(
            Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
      }
      return new JcaX509CertificateConverter()
          .getCertificate(
              builder.build(
                  new JcaContentSignerBuilder("SHA256withECDSA").build(key.getPrivate())));
    } catch (CertIOException | OperatorCreationException | GeneralSecurityException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static KeyPair newKey() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
