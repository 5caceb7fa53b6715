package io.easyagent.server.backup;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;

/**
 * The encryption of a backup: AES-256-GCM in chunks, each authenticated with the header, its place
 * in the order and whether it is the last. So nothing can be changed, moved, left out, added or cut
 * off without being noticed. The key is of this file alone: it comes of the passphrase and the
 * header's salt.
 */
final class Seal {
  static final int CHUNK = 64 * 1024;
  static final int TAG = 16;

  private static final int KEY_BYTES = 32;
  private static final int NONCE_BYTES = 12;

  private final SecretKeySpec key;
  private final byte[] header;
  private long next;

  Seal(SealHeader header, char[] passphrase) {
    this.header = header.encoded();
    Argon2BytesGenerator generator = new Argon2BytesGenerator();
    generator.init(
        new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
            .withVersion(Argon2Parameters.ARGON2_VERSION_13)
            .withMemoryAsKB(header.memoryKibibytes())
            .withIterations(header.passes())
            .withParallelism(header.lanes())
            .withSalt(header.salt())
            .build());
    byte[] bytes = new byte[KEY_BYTES];
    generator.generateBytes(passphrase, bytes);
    this.key = new SecretKeySpec(bytes, "AES");
    Arrays.fill(bytes, (byte) 0);
  }

  /** The place of the next chunk, from 0 on. */
  long position() {
    return next;
  }

  byte[] seal(byte[] plain, int length, boolean last) throws GeneralSecurityException {
    return cipher(Cipher.ENCRYPT_MODE, last).doFinal(plain, 0, length);
  }

  /**
   * @throws GeneralSecurityException when the chunk is not the one that was sealed here
   */
  byte[] open(byte[] sealed, int length, boolean last) throws GeneralSecurityException {
    return cipher(Cipher.DECRYPT_MODE, last).doFinal(sealed, 0, length);
  }

  private Cipher cipher(int mode, boolean last) throws GeneralSecurityException {
    byte[] nonce =
        ByteBuffer.allocate(NONCE_BYTES)
            .put(NONCE_BYTES - 1, (byte) (last ? 1 : 0))
            .putLong(NONCE_BYTES - 1 - Long.BYTES, next++)
            .array();
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(mode, key, new GCMParameterSpec(TAG * Byte.SIZE, nonce));
    cipher.updateAAD(header);
    return cipher;
  }
}
