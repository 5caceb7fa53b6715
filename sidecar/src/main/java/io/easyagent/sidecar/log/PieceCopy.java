package io.easyagent.sidecar.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.function.BooleanSupplier;

/** Copies a piece of a log that is written meanwhile, a turn at a time. */
final class PieceCopy implements AutoCloseable {
  private static final long TURN = 4 << 20;

  /** Written out at least that often, so that the end of a large piece does not take long. */
  private static final long SYNCED_AT_ONCE = 64 << 20;

  /** A line that is longer may be cut. */
  private static final long LONGEST_LINE = 1 << 20;

  private final FileChannel from;
  private final FileChannel to;
  private final CopyTurns turns;
  private final BooleanSupplier stopped;

  private PieceCopy(FileChannel from, FileChannel to, CopyTurns turns, BooleanSupplier stopped) {
    this.from = from;
    this.to = to;
    this.turns = turns;
    this.stopped = stopped;
  }

  static PieceCopy open(LogFiles files, CopyTurns turns, BooleanSupplier stopped)
      throws IOException {
    FileChannel from = files.open(files.live());
    try {
      return new PieceCopy(from, create(files.unfinished()), turns, stopped);
    } catch (IOException failure) {
      from.close();
      throw failure;
    }
  }

  /** An empty file, readable as the log itself is. */
  static FileChannel create(Path file) throws IOException {
    return FileChannel.open(
        file,
        Set.of(
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE,
            LinkOption.NOFOLLOW_LINKS),
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-r-----")));
  }

  /**
   * Where a piece is to end: after the last line that ends in it, unless that line is very long.
   */
  static long lastLineEnd(FileChannel file, long start, long end, CopyTurns turns)
      throws IOException {
    long lowest = Math.max(start, end - LONGEST_LINE);
    return turns.take(buffer -> {
      for (long high = end; high > lowest; ) {
        long low = Math.max(lowest, high - buffer.capacity());
        fill(file, low, buffer.clear().limit((int) (high - low)));
        for (int each = buffer.position() - 1; each >= 0; each--) {
          if (buffer.get(each) == '\n') {
            return low + each + 1;
          }
        }
        high = low;
      }
      return end;
    });
  }

  long lastLineEnd(long start, long end) throws IOException {
    return lastLineEnd(from, start, end, turns);
  }

  /**
   * @param firstTurn called when the first turn is over
   * @throws StoppedException when it is not wanted any more
   * @throws TruncatedException when the log ends before that
   */
  void copy(long start, long end, Runnable firstTurn) throws IOException {
    for (long done = start; done < end; ) {
      if (stopped.getAsBoolean()) {
        throw new StoppedException();
      }
      long position = done;
      long turnEnd = Math.min(end, done + TURN);
      done = turns.take(buffer -> copyTurn(position, turnEnd, buffer));
      if (done / SYNCED_AT_ONCE != position / SYNCED_AT_ONCE) {
        to.force(false);
      }
      if (position == start) {
        firstTurn.run();
      }
    }
  }

  private long copyTurn(long start, long end, ByteBuffer buffer) throws IOException {
    long position = start;
    while (position < end) {
      buffer.clear().limit((int) Math.min(buffer.capacity(), end - position));
      if (fill(from, position, buffer) == 0) {
        throw new TruncatedException();
      }
      position += buffer.position();
      buffer.flip();
      while (buffer.hasRemaining()) {
        to.write(buffer);
      }
    }
    return position;
  }

  private static int fill(FileChannel file, long position, ByteBuffer into) throws IOException {
    while (into.hasRemaining() && file.read(into, position + into.position()) >= 0) {
      // One read need not give all.
      continue;
    }
    return into.position();
  }

  /** Everything is on disk on return. */
  void sync() throws IOException {
    to.force(true);
  }

  @Override
  public void close() throws IOException {
    try (from;
        to) {
      return;
    }
  }

  /** The rotation is not wanted any more. */
  static final class StoppedException extends IOException {
    private static final long serialVersionUID = 1L;

    StoppedException() {
      super("stopped");
    }
  }

  /** The log has become shorter than it was; things are to be looked at again. */
  static final class TruncatedException extends IOException {
    private static final long serialVersionUID = 1L;

    TruncatedException() {
      super("the log was truncated while it was rotated");
    }
  }
}
