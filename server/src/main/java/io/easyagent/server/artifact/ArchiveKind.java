package io.easyagent.server.artifact;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.zip.GZIPInputStream;

/**
 * The kinds of archive that hosts can open. Only the beginning is looked at: hosts check every
 * entry when they unpack.
 */
public enum ArchiveKind {
  TAR,
  TAR_GZ,
  ZIP;

  static final String EXPECTED = "a tar, tar.gz or zip archive with at least one entry";

  private static final int TAR_BLOCK = 512;
  private static final int CHECKSUM_AT = 148;
  private static final int CHECKSUM_LENGTH = 8;

  /** Empty for what is no archive. */
  static Optional<ArchiveKind> of(Path file) throws IOException {
    byte[] start;
    try (InputStream stream = Files.newInputStream(file)) {
      start = stream.readNBytes(TAR_BLOCK);
    }
    if (start.length > 4 && start[0] == 'P' && start[1] == 'K' && start[2] == 3 && start[3] == 4) {
      return Optional.of(ZIP);
    }
    if (start.length > 2 && start[0] == (byte) 0x1f && start[1] == (byte) 0x8b) {
      return isTar(unzipped(file)) ? Optional.of(TAR_GZ) : Optional.empty();
    }
    return isTar(start) ? Optional.of(TAR) : Optional.empty();
  }

  private static byte[] unzipped(Path file) throws IOException {
    try (InputStream stream =
        new GZIPInputStream(new BufferedInputStream(Files.newInputStream(file)))) {
      return stream.readNBytes(TAR_BLOCK);
    } catch (java.util.zip.ZipException | java.io.EOFException damaged) {
      return new byte[0];
    }
  }

  /** A header whose checksum is right: the sum of its bytes, those of the checksum as blanks. */
  private static boolean isTar(byte[] block) {
    if (block.length < TAR_BLOCK || block[0] == 0) {
      return false;
    }
    long sum = 0;
    for (int index = 0; index < TAR_BLOCK; index++) {
      boolean checksum = index >= CHECKSUM_AT && index < CHECKSUM_AT + CHECKSUM_LENGTH;
      sum += checksum ? ' ' : block[index] & 0xff;
    }
    String written =
        new String(block, CHECKSUM_AT, CHECKSUM_LENGTH, US_ASCII).replace('\0', ' ').strip();
    try {
      return Long.parseLong(written, 8) == sum;
    } catch (NumberFormatException noChecksum) {
      return false;
    }
  }
}
