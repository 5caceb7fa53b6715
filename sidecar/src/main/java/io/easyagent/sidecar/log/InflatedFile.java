package io.easyagent.sidecar.log;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Reads a file that {@link Compression} has made, from any place of its content; onwards without
 * beginning again. Holds no file open.
 */
final class InflatedFile {
  /** Of RFC 1952, as it is without a name and other extras. */
  private static final int HEADER = 10;

  private static final int PORTION = 16 << 10;

  private final long start;
  private final byte[] input = new byte[PORTION];
  private final byte[] skipped = new byte[PORTION];
  private Inflater inflater = new Inflater(true);
  private long consumed = HEADER;
  private long position;

  /**
   * @param start of its rotated file
   */
  InflatedFile(long start) {
    this.start = start;
  }

  boolean isOf(RotatedFile file) {
    return start == file.start();
  }

  /** As many bytes as there are at once, at least one; 0 at the end. */
  int read(FileChannel file, long offset, ByteBuffer into) throws IOException {
    if (offset < position) {
      inflater.end();
      inflater = new Inflater(true);
      consumed = HEADER;
      position = 0;
    }
    while (position < offset) {
      int length = (int) Math.min(skipped.length, offset - position);
      if (inflate(file, ByteBuffer.wrap(skipped, 0, length)) == 0) {
        return 0;
      }
    }
    return inflate(file, into);
  }

  private int inflate(FileChannel file, ByteBuffer into) throws IOException {
    try {
      while (!inflater.finished()) {
        int count = inflater.inflate(into);
        if (count > 0) {
          position += count;
          return count;
        }
        if (inflater.needsInput()) {
          feed(file);
        }
      }
      return 0;
    } catch (DataFormatException malformed) {
      throw new IOException("no compressed log: " + malformed.getMessage(), malformed);
    }
  }

  private void feed(FileChannel file) throws IOException {
    int read = file.read(ByteBuffer.wrap(input), consumed);
    if (read < 0) {
      throw new EOFException("a compressed log ends too early");
    }
    consumed += read;
    inflater.setInput(input, 0, read);
  }
}
