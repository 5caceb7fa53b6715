package io.easyagent.sidecar.log;

import java.io.IOException;
import java.io.OutputStream;
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
        FileChannel to = PieceCopy.create(files.unfinished())) {
      GZIPOutputStream compressed = new GZIPOutputStream(Channels.newOutputStream(to), PORTION);
      byte[] portion = new byte[PORTION];
      long size = from.size();
      for (long position = 0; position < size; position += TURN) {
        if (stopped.getAsBoolean()) {
          throw new PieceCopy.StoppedException();
        }
        long start = position;
        turns.take(buffer -> {
          buffer.limit(PORTION);
          for (long done = start; done < Math.min(size, start + TURN); ) {
            buffer.clear().limit(PORTION);
            int read = from.read(buffer, done);
            if (read < 0) {
              throw new IOException(whole + " has become shorter");
            }
            buffer.flip().get(portion, 0, read);
            write(compressed, portion, (int) Math.min(read, start + TURN - done));
            done += read;
          }
          return true;
        });
      }
      compressed.finish();
      to.force(true);
    }
  }

  private static void write(OutputStream to, byte[] bytes, int length) throws IOException {
    to.write(bytes, 0, length);
  }
}
