package io.easyagent.sidecar.log;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.function.BooleanSupplier;
import java.util.zip.GZIPOutputStream;

/** Makes the compressed form (RFC 1952) of a rotated file, a turn at a time. */
final class Compression {
  private static final int TURN = 1 << 20;
  private static final int PORTION = 16 << 10;

  private Compression() {}

  /** Into the file that has no name yet; it is on disk on return. */
  static void compress(LogFiles files, Path whole, CopyTurns turns, BooleanSupplier stopped)
      throws IOException {
    try (FileChannel from = files.open(whole);
        FileChannel to = PieceCopy.create(files.unfinished());
        GZIPOutputStream compressed = new GZIPOutputStream(Channels.newOutputStream(to), PORTION)) {
      long size = from.size();
      for (long start = 0; start < size; start += TURN) {
        if (stopped.getAsBoolean()) {
          throw new PieceCopy.StoppedException();
        }
        long position = start;
        long end = Math.min(size, start + TURN);
        turns.take(buffer -> {
          copy(from, position, end, buffer, compressed);
          return true;
        });
      }
      compressed.finish();
      to.force(true);
    }
  }

  private static void copy(
      FileChannel from, long start, long end, ByteBuffer buffer, OutputStream to)
      throws IOException {
    byte[] portion = new byte[PORTION];
    for (long position = start; position < end; ) {
      buffer.clear().limit((int) Math.min(PORTION, end - position));
      int read = from.read(buffer, position);
      if (read < 0) {
        throw new IOException("a rotated file has become shorter");
      }
      buffer.flip().get(portion, 0, read);
      to.write(portion, 0, read);
      position += read;
    }
  }
}
