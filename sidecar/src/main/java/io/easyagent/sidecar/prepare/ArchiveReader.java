package io.easyagent.sidecar.prepare;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/** Reads an archive's entries in their order. */
interface ArchiveReader extends AutoCloseable {

  Optional<ArchiveEntry> next() throws IOException, PrepareException;

  /** The bytes of the file that {@link #next} gave last. */
  InputStream content() throws IOException;

  @Override
  void close() throws IOException;

  /** Knows the format by the first bytes: tar, tar.gz or zip. */
  static ArchiveReader open(Path archive, int mostEntries) throws IOException, PrepareException {
    byte[] head;
    try (InputStream in = Files.newInputStream(archive)) {
      head = in.readNBytes(263);
    }
    if (startsWith(head, 0, 0x1f, 0x8b)) {
      return TarReader.gzipped(archive);
    }
    if (startsWith(head, 0, 'P', 'K', 3, 4)) {
      return ZipReader.open(archive, mostEntries);
    }
    if (startsWith(head, 257, 'u', 's', 't', 'a', 'r')) {
      return TarReader.plain(archive);
    }
    throw new PrepareException("archive: unknown format (expected: tar.gz, tar or zip)");
  }

  private static boolean startsWith(byte[] head, int offset, int... expected) {
    if (head.length < offset + expected.length) {
      return false;
    }
    int[] actual = new int[expected.length];
    Arrays.setAll(actual, index -> head[offset + index] & 0xff);
    return Arrays.equals(actual, expected);
  }
}
