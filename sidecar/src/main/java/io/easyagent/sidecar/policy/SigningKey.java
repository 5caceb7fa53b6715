package io.easyagent.sidecar.policy;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;

/**
 * A key that packages may be signed with.
 *
 * @param text as the file has it
 */
public record SigningKey(String text, PublicKey key) {
  private static final String ALGORITHM = "Ed25519";

  /**
   * Reads the line between the first and the last of what {@code openssl pkey -pubout} prints.
   *
   * @throws IllegalArgumentException when it is none
   */
  public static SigningKey parse(String text) {
    try {
      PublicKey key =
          KeyFactory.getInstance(ALGORITHM)
              .generatePublic(new X509EncodedKeySpec(Base64.getDecoder().decode(text)));
      if (!Arrays.equals(key.getEncoded(), Base64.getDecoder().decode(text))) {
        throw new IllegalArgumentException("not in its canonical form");
      }
      return new SigningKey(text, key);
    } catch (GeneralSecurityException malformed) {
      throw new IllegalArgumentException(malformed.getMessage(), malformed);
    }
  }

  boolean hasSigned(byte[] message, byte[] signature) {
    try {
      Signature verification = Signature.getInstance(ALGORITHM);
      verification.initVerify(key);
      verification.update(message);
      return verification.verify(signature);
    } catch (SignatureException malformed) {
      return false;
    } catch (GeneralSecurityException everyJavaHasIt) {
      throw new IllegalStateException(everyJavaHasIt);
    }
  }

  @Override
  public String toString() {
    return text;
  }
}
