package io.easyagent.server.secret;

import io.easyagent.server.problem.ErrorCode;
import io.easyagent.server.problem.RefusedException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Base64;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;

/** Seals values and opens them: AES-256-GCM, a fresh random nonce for each. */
final class SecretCipher {
  private static final String ALGORITHM = "AES/GCM/NoPadding";
  private static final int NONCE_BYTES = 12;
  private static final int TAG_BITS = 128;

  private final SecretKeys keys;
  private final SecureRandom random;

  SecretCipher(SecretKeys keys, SecureRandom random) {
    this.keys = keys;
    this.random = random;
  }

  SealedSecret seal(String name, long version, SecretValue value) {
    SecretKeys.Key key = keys.current();
    byte[] nonce = new byte[NONCE_BYTES];
    random.nextBytes(nonce);
    try {
      Cipher cipher = cipher(Cipher.ENCRYPT_MODE, key.key(), nonce, name, version, key.id());
      Base64.Encoder base64 = Base64.getEncoder();
      return new SealedSecret(
          key.id(),
          base64.encodeToString(nonce),
          base64.encodeToString(cipher.doFinal(value.bytes())));
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException("a secret was not sealed", impossible);
    }
  }

  /**
   * @throws RefusedException INTERNAL when the key is gone, or the row is not what was stored
   */
  SecretValue open(String name, long version, SealedSecret sealed) {
    SecretKey key =
        keys.find(sealed.key())
            .orElseThrow(
                () -> damaged(name, "key " + sealed.key() + " is not in the server's secret.key"));
    try {
      Cipher cipher =
          cipher(
              Cipher.DECRYPT_MODE,
              key,
              Base64.getDecoder().decode(sealed.nonce()),
              name,
              version,
              sealed.key());
      byte[] plain = cipher.doFinal(Base64.getDecoder().decode(sealed.ciphertext()));
      return new SecretValue(new String(plain, StandardCharsets.UTF_8));
    } catch (GeneralSecurityException | IllegalArgumentException changed) {
      throw damaged(name, "what is stored of it was changed");
    }
  }

  private static RefusedException damaged(String name, String why) {
    return new RefusedException(
        ErrorCode.INTERNAL, "secret " + name + " cannot be opened: " + why + "; set it again");
  }

  private static Cipher cipher(
      int mode, SecretKey key, byte[] nonce, String name, long version, String keyId)
      throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance(ALGORITHM);
    cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
    cipher.updateAAD(
        ("easyagent-secret\n" + name + "\n" + version + "\n" + keyId)
            .getBytes(StandardCharsets.UTF_8));
    return cipher;
  }
}
