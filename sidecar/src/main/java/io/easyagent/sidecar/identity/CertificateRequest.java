package io.easyagent.sidecar.identity;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;

/**
 * A host's key and the PKCS#10 request (RFC 2986) that proves that it is held. The request's
 * subject is empty: nothing of it is used but the key.
 */
public final class CertificateRequest {
  /** 1.2.840.10045.4.3.2, ecdsa-with-SHA256. */
  private static final byte[] ECDSA_WITH_SHA256 =
      Der.sequence(Der.objectIdentifier(0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02));

  private CertificateRequest() {}

  /** A new EC key on P-256. */
  public static KeyPair newKey() throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    return generator.generateKeyPair();
  }

  /** The request for an EC key, DER. */
  public static byte[] encode(KeyPair key) throws GeneralSecurityException {
    byte[] information =
        Der.sequence(Der.zero(), Der.sequence(), key.getPublic().getEncoded(), Der.context0());
    Signature signature = Signature.getInstance("SHA256withECDSA");
    signature.initSign(key.getPrivate());
    signature.update(information);
    return Der.sequence(information, ECDSA_WITH_SHA256, Der.bitString(signature.sign()));
  }
}
