package io.easyagent.sidecar.prepare;

import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/** Entries of a tar archive. What lies between two files' bytes is bounded, names included. */
final class TarReader implements ArchiveReader {
  private static final int BUFFER = 64 << 10;

  private final Metered metered;
  private final TarArchiveInputStream tar;

  private TarReader(InputStream in) {
    this.metered = new Metered(in);
    this.tar = new TarArchiveInputStream(metered, "UTF-8");
  }

  static TarReader plain(Path archive) throws IOException {
    return new TarReader(new BufferedInputStream(Files.newInputStream(archive), BUFFER));
  }

  static TarReader gzipped(Path archive) throws IOException {
    InputStream file = Files.newInputStream(archive);
    try {
      return new TarReader(new BufferedInputStream(new GZIPInputStream(file, BUFFER), BUFFER));
    } catch (IOException malformed) {
      file.close();
      throw malformed;
    }
  }

  @Override
  public Optional<ArchiveEntry> next() throws IOException {
    metered.allowMetadata();
    TarArchiveEntry entry = tar.getNextEntry();
    metered.allowAll();
    return Optional.ofNullable(entry)
        .map(found ->
            new ArchiveEntry(
                found.getName(),
                found.getMode(),
                Optional.of(found.getLastModifiedTime().toInstant()),
                kind(found)));
  }

  private ArchiveEntry.Kind kind(TarArchiveEntry entry) {
    if (entry.isSymbolicLink()) {
      return new ArchiveEntry.Kind.SymbolicLink(entry.getLinkName());
    }
    if (entry.isLink()) {
      return new ArchiveEntry.Kind.HardLink(entry.getLinkName());
    }
    if (entry.isFIFO()) {
      return new ArchiveEntry.Kind.Other("a FIFO");
    }
    if (entry.isCharacterDevice() || entry.isBlockDevice()) {
      return new ArchiveEntry.Kind.Other("a device");
    }
    if (entry.isDirectory()) {
      return new ArchiveEntry.Kind.Folder();
    }
    if (entry.isFile() && tar.canReadEntryData(entry)) {
      return new ArchiveEntry.Kind.File();
    }
    return new ArchiveEntry.Kind.Other("of an unknown kind");
  }

  @Override
  public InputStream content() {
    return tar;
  }

  @Override
  public void close() throws IOException {
    tar.close();
  }

  /** Long names and extended headers are read into memory: they must not be a bomb. */
  private static final class Metered extends FilterInputStream {
    private static final long MOST_METADATA = 1 << 20;
    private long left = MOST_METADATA;

    Metered(InputStream in) {
      super(in);
    }

    void allowMetadata() {
      left = MOST_METADATA;
    }

    void allowAll() {
      left = Long.MAX_VALUE;
    }

    @Override
    public int read() throws IOException {
      int value = super.read();
      take(value < 0 ? 0 : 1);
      return value;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      int count = super.read(buffer, offset, length);
      take(count);
      return count;
    }

    @Override
    public long skip(long count) throws IOException {
      long skipped = super.skip(count);
      take(skipped);
      return skipped;
    }

    private void take(long count) throws IOException {
      if (count > 0) {
        left -= count;
        if (left < 0) {
          throw new IOException("the headers of one entry are longer than " + MOST_METADATA);
        }
      }
    }
  }
}
