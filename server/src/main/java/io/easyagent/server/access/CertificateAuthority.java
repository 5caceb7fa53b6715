package io.easyagent.server.access;

import io.easyagent.server.fleet.HostId;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Date;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
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
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;
import org.bouncycastle.pkcs.PKCSException;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequest;

/**
 * One authority that issues certificates for a fleet: the server's own, EC P-256, or one that the
 * operator gave. No certificate that it issues outlives it. Thread-safe.
 */
final class CertificateAuthority {
  /** How long a host's certificate is good for. */
  static final Duration HOST_LIFETIME = Duration.ofDays(365);

  static final Duration SERVER_LIFETIME = Duration.ofDays(2 * 365);
  private static final Duration AUTHORITY_LIFETIME = Duration.ofDays(20 * 365);

  /** For clocks of hosts that are a little behind. */
  private static final Duration BACKDATED = Duration.ofHours(1);

  private static final int SERIAL_BITS = 127;
  private static final int LONGEST_REQUEST = 8 * 1024;

  /**
   * An authority's key and certificates.
   *
   * @param chain its certificate first, then those above it, if any
   */
  record Material(PrivateKey key, List<X509Certificate> chain) {
    Material {
      chain = List.copyOf(chain);
    }

    X509Certificate certificate() {
      return chain.getFirst();
    }

    /** Without the key. */
    @Override
    public String toString() {
      return "Material[" + certificate().getSubjectX500Principal() + "]";
    }
  }

  private final Material material;
  private final UUID fleet;
  private final InstantSource clock;
  private final SecureRandom random;

  CertificateAuthority(Material material, UUID fleet, InstantSource clock, SecureRandom random) {
    this.material = material;
    this.fleet = fleet;
    this.clock = clock;
    this.random = random;
  }

  /** A new authority, its certificate signed by itself. Each has a name of its own. */
  static Material make(UUID fleet, InstantSource clock, SecureRandom random)
      throws GeneralSecurityException {
    KeyPair pair = newKeyPair(random);
    Instant now = clock.instant();
    byte[] distinction = new byte[4];
    random.nextBytes(distinction);
    X500Name name =
        new X500Name("CN=EasyAgent CA " + fleet + ",OU=" + HexFormat.of().formatHex(distinction));
    JcaX509v3CertificateBuilder builder =
        new JcaX509v3CertificateBuilder(
            name,
            new BigInteger(SERIAL_BITS, random).setBit(0),
            Date.from(now.minus(BACKDATED)),
            Date.from(now.plus(AUTHORITY_LIFETIME)),
            name,
            pair.getPublic());
    try {
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
      builder.addExtension(
          Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
      builder.addExtension(
          Extension.subjectKeyIdentifier,
          false,
          new JcaX509ExtensionUtils().createSubjectKeyIdentifier(pair.getPublic()));
    } catch (CertIOException impossible) {
      throw new GeneralSecurityException(impossible);
    }
    return new Material(pair.getPrivate(), List.of(sign(builder, pair.getPrivate())));
  }

  X509Certificate certificate() {
    return material.certificate();
  }

  List<X509Certificate> chain() {
    return material.chain();
  }

  /** What hosts pin: lower-case hexadecimal SHA-256 of the certificate's DER. */
  String fingerprint() {
    return Fingerprint.of(certificate());
  }

  /**
   * A new key and certificate for this server, for both ports.
   *
   * @param names DNS names and addresses that it is reached by; localhost is added
   */
  ServerIdentity issueServerIdentity(List<String> names) {
    try {
      KeyPair pair = newKeyPair(random);
      JcaX509v3CertificateBuilder builder =
          leaf(new X500Name("CN=EasyAgent server"), SERVER_LIFETIME, pair.getPublic());
      List<GeneralName> alternatives = new ArrayList<>();
      alternatives.add(
          new GeneralName(
              GeneralName.uniformResourceIdentifier, ServerIdentity.URI_PREFIX + fleet));
      alternatives.add(new GeneralName(GeneralName.dNSName, "localhost"));
      alternatives.add(new GeneralName(GeneralName.iPAddress, "127.0.0.1"));
      alternatives.add(new GeneralName(GeneralName.iPAddress, "::1"));
      names.stream()
          .distinct()
          .filter(name -> !name.equals("localhost") && !name.equals("127.0.0.1"))
          .map(CertificateAuthority::alternative)
          .forEach(alternatives::add);
      addLeafExtensions(builder, KeyPurposeId.id_kp_serverAuth, alternatives);
      List<X509Certificate> chain = new ArrayList<>();
      chain.add(sign(builder, material.key()));
      chain.addAll(material.chain());
      return new ServerIdentity(pair.getPrivate(), chain);
    } catch (GeneralSecurityException | CertIOException failure) {
      throw new IllegalStateException("server certificate: " + failure, failure);
    }
  }

  /**
   * A certificate for a host: for client authentication only, for one year. Nothing of the request
   * is used but its key, whose possession its signature must prove.
   *
   * @param request PKCS#10, DER
   * @throws InvalidRequestException when it is none, or its signature is wrong
   */
  X509Certificate issueHostCertificate(HostId host, byte[] request) throws InvalidRequestException {
    return issueHostCertificate(host, requireProvenKey(request));
  }

  /** As the other, for a key that is proven. */
  X509Certificate issueHostCertificate(HostId host, PublicKey hostKey) {
    try {
      JcaX509v3CertificateBuilder builder =
          leaf(new X500Name("CN=" + host), HOST_LIFETIME, hostKey);
      addLeafExtensions(
          builder,
          KeyPurposeId.id_kp_clientAuth,
          List.of(
              new GeneralName(
                  GeneralName.uniformResourceIdentifier, HostCertificate.URI_PREFIX + host)));
      return sign(builder, material.key());
    } catch (GeneralSecurityException | CertIOException failure) {
      throw new IllegalStateException("host certificate: " + failure, failure);
    }
  }

  /** The strong key of a request whose sender holds it. */
  static PublicKey requireProvenKey(byte[] request) throws InvalidRequestException {
    if (request.length == 0 || request.length > LONGEST_REQUEST) {
      throw new InvalidRequestException(
          "certificateRequest: %d bytes (expected: PKCS#10 of at most %d)"
              .formatted(request.length, LONGEST_REQUEST));
    }
    try {
      PKCS10CertificationRequest parsed = new PKCS10CertificationRequest(request);
      if (!parsed.isSignatureValid(
          new JcaContentVerifierProviderBuilder().build(parsed.getSubjectPublicKeyInfo()))) {
        throw new InvalidRequestException(
            "certificateRequest: wrong signature (expected: one by the key that it names)");
      }
      return requireStrong(new JcaPKCS10CertificationRequest(parsed).getPublicKey());
    } catch (IOException
        | PKCSException
        | OperatorCreationException
        | GeneralSecurityException
        | RuntimeException malformed) {
      throw new InvalidRequestException(
          "certificateRequest: not PKCS#10 with a usable key (" + malformed.getMessage() + ")");
    }
  }

  private static PublicKey requireStrong(PublicKey hostKey) throws InvalidRequestException {
    boolean strong =
        switch (hostKey) {
          case java.security.interfaces.ECPublicKey elliptic ->
              elliptic.getParams().getOrder().bitLength() >= 256;
          case RSAPublicKey rsa ->
              rsa.getModulus().bitLength() >= 2048 && rsa.getModulus().bitLength() <= 8192;
          case java.security.interfaces.EdECPublicKey edwards -> true;
          default -> false;
        };
    if (!strong) {
      throw new InvalidRequestException(
          "certificateRequest: a weak key (expected: EC of 256 bits, Ed25519 or RSA of 2048 bits)");
    }
    return hostKey;
  }

  private JcaX509v3CertificateBuilder leaf(X500Name subject, Duration lifetime, PublicKey leafKey)
      throws CertIOException, GeneralSecurityException {
    Instant now = clock.instant();
    Instant end = now.plus(lifetime);
    Instant last = certificate().getNotAfter().toInstant();
    JcaX509v3CertificateBuilder builder =
        new JcaX509v3CertificateBuilder(
            X500Name.getInstance(certificate().getSubjectX500Principal().getEncoded()),
            new BigInteger(SERIAL_BITS, random).setBit(0),
            Date.from(now.minus(BACKDATED)),
            Date.from(end.isAfter(last) ? last : end),
            subject,
            leafKey);
    builder.addExtension(
        Extension.authorityKeyIdentifier,
        false,
        new JcaX509ExtensionUtils().createAuthorityKeyIdentifier(certificate()));
    return builder;
  }

  private static void addLeafExtensions(
      JcaX509v3CertificateBuilder builder, KeyPurposeId purpose, List<GeneralName> alternatives)
      throws CertIOException {
    builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
    builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
    builder.addExtension(Extension.extendedKeyUsage, true, new ExtendedKeyUsage(purpose));
    builder.addExtension(
        Extension.subjectAlternativeName,
        false,
        new GeneralNames(alternatives.toArray(GeneralName[]::new)));
  }

  /** A literal address is never looked up by {@code ofLiteral}. */
  private static GeneralName alternative(String name) {
    try {
      return new GeneralName(GeneralName.iPAddress, InetAddress.ofLiteral(name).getHostAddress());
    } catch (IllegalArgumentException aName) {
      return new GeneralName(GeneralName.dNSName, name);
    }
  }

  private static KeyPair newKeyPair(SecureRandom random) throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"), random);
    return generator.generateKeyPair();
  }

  private static X509Certificate sign(JcaX509v3CertificateBuilder builder, PrivateKey issuer)
      throws GeneralSecurityException {
    try {
      String algorithm = issuer.getAlgorithm().equals("RSA") ? "SHA256withRSA" : "SHA256withECDSA";
      return new JcaX509CertificateConverter()
          .getCertificate(builder.build(new JcaContentSignerBuilder(algorithm).build(issuer)));
    } catch (OperatorCreationException unusableKey) {
      throw new GeneralSecurityException(unusableKey);
    }
  }

  /** A certificate request that nothing is issued for. */
  static final class InvalidRequestException extends Exception {
    private static final long serialVersionUID = 1L;

    private final String reason;

    InvalidRequestException(String reason) {
      super(reason);
      this.reason = reason;
    }

    String reason() {
      return reason;
    }
  }
}
