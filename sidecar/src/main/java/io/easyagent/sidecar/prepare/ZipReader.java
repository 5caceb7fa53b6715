package io.easyagent.sidecar.prepare;

import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.Optional;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipFile;
import org.jspecify.annotations.Nullable;

/** Entries of a zip archive by its central directory, which alone has the modes and the links. */
final class ZipReader implements ArchiveReader {
  private static final int END_RECORD = 0x06054b50;
  private static final int END_RECORD_SIZE = 22;
  private static final int MOST_LINK_TARGET = 4096;
  private static final int TYPE = 0170000;
  private static final int TYPE_FILE = 0100000;
  private static final int TYPE_FOLDER = 0040000;

  private final ZipFile zip;
  private final Enumeration<ZipArchiveEntry> entries;
  private @Nullable ZipArchiveEntry last;

  private ZipReader(ZipFile zip) {
    this.zip = zip;
    this.entries = zip.getEntriesInPhysicalOrder();
  }

  static ZipReader open(Path archive, int mostEntries) throws IOException, PrepareException {
    requireFewEntries(archive, mostEntries);
    return new ZipReader(ZipFile.builder().setPath(archive).setIgnoreLocalFileHeader(true).get());
  }

  /** The directory is read into memory: its size is looked at before. */
  private static void requireFewEntries(Path archive, int mostEntries)
      throws IOException, PrepareException {
    try (RandomAccessFile file = new RandomAccessFile(archive.toFile(), "r")) {
      int size = (int) Math.min(file.length(), 0xffff + END_RECORD_SIZE);
      byte[] tail = new byte[size];
      file.seek(file.length() - size);
      file.readFully(tail);
      ByteBuffer buffer = ByteBuffer.wrap(tail).order(ByteOrder.LITTLE_ENDIAN);
      for (int at = size - END_RECORD_SIZE; at >= 0; at--) {
        if (buffer.getInt(at) == END_RECORD) {
          int entries = buffer.getShort(at + 10) & 0xffff;
          long directory = buffer.getInt(at + 12) & 0xffffffffL;
          if (entries == 0xffff || entries > mostEntries || directory > 16 << 20) {
            throw new PrepareException(
                "archive: too many entries (expected: at most "
                    + Math.min(0xfffe, mostEntries)
                    + " in a zip)");
          }
          return;
        }
      }
    }
    throw new PrepareException("archive: truncated zip (expected: a central directory)");
  }

  @Override
  public Optional<ArchiveEntry> next() throws IOException {
    if (!entries.hasMoreElements()) {
      return Optional.empty();
    }
    ZipArchiveEntry entry = entries.nextElement();
    last = entry;
    return Optional.of(
        new ArchiveEntry(entry.getName(), mode(entry), Optional.empty(), kind(entry)));
  }

  /** Archives made on Windows have no modes: everything may be executed then. */
  private static int mode(ZipArchiveEntry entry) {
    return entry.getUnixMode() == 0 ? 0755 : entry.getUnixMode();
  }

  private ArchiveEntry.Kind kind(ZipArchiveEntry entry) throws IOException {
    if (entry.isUnixSymlink()) {
      try (InputStream target = zip.getInputStream(entry)) {
        byte[] bytes = target.readNBytes(MOST_LINK_TARGET + 1);
        return bytes.length > MOST_LINK_TARGET
            ? new ArchiveEntry.Kind.Other("a link of more than " + MOST_LINK_TARGET + " bytes")
            : new ArchiveEntry.Kind.SymbolicLink(new String(bytes, StandardCharsets.UTF_8));
      }
    }
    int type = entry.getUnixMode() & TYPE;
    if (type != 0 && type != TYPE_FILE && type != TYPE_FOLDER) {
      return new ArchiveEntry.Kind.Other("a device or FIFO");
    }
    if (entry.isDirectory()) {
      return new ArchiveEntry.Kind.Folder();
    }
    return zip.canReadEntryData(entry)
        ? new ArchiveEntry.Kind.File()
        : new ArchiveEntry.Kind.Other("encrypted, or packed in an unknown way");
  }

  @Override
  public InputStream content() throws IOException {
    ZipArchiveEntry entry = last;
    if (entry == null) {
      throw new IllegalStateException("no entry was read yet");
    }
    return zip.getInputStream(entry);
  }

  @Override
  public void close() throws IOException {
    zip.close();
  }
}
