package io.easyagent.server.backup;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.Arrays;

/**
 * The plain beginning of a backup: 16 bytes that name the format, its version (2 bytes), how the
 * key comes of the passphrase (memory in KiB, passes and lanes of Argon2id, 4 bytes each) and a
 * salt of 16 bytes, all big-endian. Every chunk that follows authenticates it.
 */
record SealHeader(int memoryKibibytes, int passes, int lanes, byte[] salt) {
  static final int VERSION = 1;

  private static final byte[] MAGIC = "EASYAGENT-BACKUP".getBytes(US_ASCII);
  private static final int SALT_BYTES = 16;
  private static final int LENGTH = MAGIC.length + Short.BYTES + 3 * Integer.BYTES + SALT_BYTES;

  /** What a file may ask for of the machine that reads it, before it has proved anything. */
  private static final int MOST_MEMORY = 128 * 1024;

  private static final int MOST_PASSES = 16;
  private static final int MOST_LANES = 8;

  /** 64 MiB and three passes: the second recommendation of RFC 9106. */
  static SealHeader fresh(SecureRandom random) {
    byte[] salt = new byte[SALT_BYTES];
    random.nextBytes(salt);
    return new SealHeader(64 * 1024, 3, 4, salt);
  }

  byte[] encoded() {
    return ByteBuffer.allocate(LENGTH)
        .put(MAGIC)
        .putShort((short) VERSION)
        .putInt(memoryKibibytes)
        .putInt(passes)
        .putInt(lanes)
        .put(salt)
        .array();
  }

  /**
   * Reads exactly the header.
   *
   * @throws BackupException for what is no backup, or one of a newer format
   */
  static SealHeader read(InputStream in) throws IOException, BackupException {
    byte[] magic = in.readNBytes(MAGIC.length);
    if (!Arrays.equals(magic, MAGIC)) {
      throw new BackupException(
          "not a backup (expected: a file that easyagent server backup has made)");
    }
    byte[] rest = in.readNBytes(LENGTH - MAGIC.length);
    if (rest.length < Short.BYTES) {
      throw truncated();
    }
    ByteBuffer bytes = ByteBuffer.wrap(rest);
    int version = Short.toUnsignedInt(bytes.getShort());
    if (version != VERSION) {
      throw new BackupException(
          "backup format %d (expected: %d; restore it with the release that made it, or a newer one)"
              .formatted(version, VERSION));
    }
    if (rest.length < LENGTH - MAGIC.length) {
      throw truncated();
    }
    int memory = requireAtMost("memory", bytes.getInt(), MOST_MEMORY);
    int passes = requireAtMost("passes", bytes.getInt(), MOST_PASSES);
    int lanes = requireAtMost("lanes", bytes.getInt(), MOST_LANES);
    byte[] salt = new byte[SALT_BYTES];
    bytes.get(salt);
    return new SealHeader(memory, passes, lanes, salt);
  }

  private static BackupException truncated() {
    return new BackupException("the backup ends in its header (expected: the whole file)");
  }

  private static int requireAtMost(String name, int value, int most) throws BackupException {
    if (value < 1 || value > most) {
      throw new BackupException(
          "the backup's header was changed: %s %d (expected: 1 to %d)"
              .formatted(name, value, most));
    }
    return value;
  }
}
