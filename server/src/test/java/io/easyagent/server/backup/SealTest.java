package io.easyagent.server.backup;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever is done to a backup is noticed. */
class SealTest {
  private static final char[] PASSPHRASE = "correct horse battery".toCharArray();
  private static final int HEADER = 46;
  private static final int SEALED_CHUNK = Seal.CHUNK + Seal.TAG;

  /** As little work as Argon2id allows: what is tested is not its cost. */
  private static final SealHeader QUICK = new SealHeader(32, 1, 1, new byte[16]);

  private static byte[] plain(int length) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) (i * 31 + i / 256);
    }
    return bytes;
  }

  private static byte[] seal(byte[] plain) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    SealedOutput sealed = new SealedOutput(out, QUICK, PASSPHRASE);
    sealed.write(plain, 0, plain.length / 3);
    sealed.write(plain, plain.length / 3, plain.length - plain.length / 3);
    sealed.finish();
    return out.toByteArray();
  }

  private static byte[] open(byte[] sealed, char[] passphrase) throws Exception {
    try (SealedInput in = new SealedInput(new ByteArrayInputStream(sealed), passphrase)) {
      return in.readAllBytes();
    }
  }

  private static void assertRefused(byte[] changed) {
    assertThrows(Exception.class, () -> open(changed, PASSPHRASE));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 65_535, 65_536, 65_537, 200_000})
  void whatWasSealedIsOpened(int length) throws Exception {
    byte[] plain = plain(length);
    byte[] sealed = seal(plain);
    assertArrayEquals(plain, open(sealed, PASSPHRASE));
    String text = new String(sealed, ISO_8859_1);
    assertTrue(length < 100 || !text.contains(new String(plain, 0, 64, ISO_8859_1)));
  }

  @Test
  void anotherPassphraseOpensNothing() throws Exception {
    byte[] sealed = seal(plain(100));
    assertEquals(
        "wrong passphrase, or the backup was changed at its beginning",
        assertThrows(IOException.class, () -> open(sealed, "correct horse batterx".toCharArray()))
            .getMessage());
  }

  @Test
  void everyChangedByteIsNoticed() throws Exception {
    byte[] sealed = seal(plain(100));
    for (int i = 0; i < sealed.length; i++) {
      byte[] changed = sealed.clone();
      changed[i] ^= 1;
      assertRefused(changed);
    }
  }

  @Test
  void everyTruncationIsNoticed() throws Exception {
    byte[] small = seal(plain(100));
    for (int length = 0; length < small.length; length++) {
      assertRefused(Arrays.copyOf(small, length));
    }
    byte[] large = seal(plain(3 * Seal.CHUNK));
    for (int chunks = 0; chunks < 3; chunks++) {
      assertRefused(Arrays.copyOf(large, HEADER + chunks * SEALED_CHUNK));
      assertRefused(Arrays.copyOf(large, HEADER + chunks * SEALED_CHUNK + 1));
    }
  }

  @Test
  void chunksCannotBeMovedLeftOutRepeatedOrAdded() throws Exception {
    byte[] sealed = seal(plain(4 * Seal.CHUNK));
    byte[] first = Arrays.copyOfRange(sealed, HEADER, HEADER + SEALED_CHUNK);
    byte[] second = Arrays.copyOfRange(sealed, HEADER + SEALED_CHUNK, HEADER + 2 * SEALED_CHUNK);

    byte[] swapped = sealed.clone();
    System.arraycopy(second, 0, swapped, HEADER, SEALED_CHUNK);
    System.arraycopy(first, 0, swapped, HEADER + SEALED_CHUNK, SEALED_CHUNK);
    assertRefused(swapped);

    byte[] repeated = sealed.clone();
    System.arraycopy(first, 0, repeated, HEADER + SEALED_CHUNK, SEALED_CHUNK);
    assertRefused(repeated);

    byte[] leftOut = new byte[sealed.length - SEALED_CHUNK];
    System.arraycopy(sealed, 0, leftOut, 0, HEADER + SEALED_CHUNK);
    System.arraycopy(
        sealed,
        HEADER + 2 * SEALED_CHUNK,
        leftOut,
        HEADER + SEALED_CHUNK,
        leftOut.length - HEADER - SEALED_CHUNK);
    assertRefused(leftOut);

    byte[] added = Arrays.copyOf(sealed, sealed.length + SEALED_CHUNK);
    System.arraycopy(first, 0, added, sealed.length, SEALED_CHUNK);
    assertRefused(added);
    assertRefused(Arrays.copyOf(sealed, sealed.length + 1));
  }

  @Test
  void aNewerFormatIsNamed() throws Exception {
    byte[] sealed = seal(plain(10));
    sealed[17] = 9;
    assertEquals(
        "backup format 9 (expected: 1; restore it with the release that made it, or a newer one)",
        assertThrows(BackupException.class, () -> open(sealed, PASSPHRASE)).getMessage());
  }

  @Test
  void aFileCannotAskForAllOfTheMemory() throws Exception {
    byte[] sealed = seal(plain(10));
    sealed[18] = 0x7f;
    assertTrue(
        assertThrows(BackupException.class, () -> open(sealed, PASSPHRASE))
            .getMessage()
            .startsWith("the backup's header was changed: memory "));
  }

  @Test
  void somethingElseIsNoBackup() {
    assertEquals(
        "not a backup (expected: a file that easyagent server backup has made)",
        assertThrows(BackupException.class, () -> open(plain(4000), PASSPHRASE)).getMessage());
  }
}
