package io.easyagent.sidecar.logstream;

import io.easyagent.sidecar.log.KeptLog;
import io.easyagent.sidecar.log.KeptLog.BeyondEndException;
import io.easyagent.sidecar.log.KeptLog.GoneException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.OptionalInt;

/** Where in an agent's output a reader begins. */
public sealed interface LogBegin {
  /** More lines than this are not looked for. */
  int MOST_LINES = 10_000;

  /** The last lines are looked for in so many bytes at the end. */
  long MOST_BYTES = 16L << 20;

  /** Nothing is looked for that is older. */
  Duration MOST_AGE = Duration.ofDays(3650);

  /** With the last lines; one that has no line feed yet is a line. */
  record Tail(int lines) implements LogBegin {}

  /** With this byte, or the oldest one kept. */
  record From(long offset) implements LogBegin {}

  /**
   * With what was written at that time of the host's clock or later, and the line it is in.
   *
   * @param tail with so many last lines of it at most; empty: with all
   */
  record Since(Instant time, OptionalInt tail) implements LogBegin {}

  /**
   * The offset of the first byte that is wanted.
   *
   * @param end of the output
   */
  default long offset(KeptLog log, long end) throws IOException {
    return switch (this) {
      case From(long offset) -> offset;
      case Tail(int lines) -> lines == 0 ? end : lastLines(log, lines, end);
      case Since(Instant time, OptionalInt tail) -> {
        long since = lineBegin(log, Math.min(log.begin(time), end));
        yield tail.isEmpty() ? since : Math.max(since, new Tail(tail.getAsInt()).offset(log, end));
      }
    };
  }

  /** The place itself, in a line that began long before. */
  private static long lineBegin(KeptLog log, long place) throws IOException {
    try {
      long least = Math.max(log.begin(), place - LogFlow.LARGEST);
      if (place <= least) {
        return place;
      }
      ByteBuffer before = ByteBuffer.allocate((int) (place - least));
      fill(log, least, before);
      for (int index = before.position() - 1; index >= 0; index--) {
        if (before.get(index) == '\n') {
          return least + index + 1;
        }
      }
      return least == log.begin() ? least : place;
    } catch (GoneException rotated) {
      return Math.max(place, rotated.begin());
    } catch (BeyondEndException anew) {
      return log.begin();
    }
  }

  private static long lastLines(KeptLog log, int lines, long end) throws IOException {
    long least = Math.max(log.begin(), end - MOST_BYTES);
    ByteBuffer block = ByteBuffer.allocate(LogFlow.LARGEST);
    // The line feed of the last line, where it has one, ends nothing before it.
    long blockEnd = end - 1;
    int missing = lines;
    while (blockEnd > least) {
      long blockBegin = Math.max(least, blockEnd - block.capacity());
      try {
        fill(log, blockBegin, block.clear().limit((int) (blockEnd - blockBegin)));
      } catch (GoneException rotated) {
        least = Math.max(least, rotated.begin());
        continue;
      } catch (BeyondEndException anew) {
        return log.begin();
      }
      for (int index = block.position() - 1; index >= 0; index--) {
        if (block.get(index) == '\n' && --missing == 0) {
          return blockBegin + index + 1;
        }
      }
      blockEnd = blockBegin;
    }
    return Math.min(least, end);
  }

  private static void fill(KeptLog log, long offset, ByteBuffer into) throws IOException {
    while (into.hasRemaining() && log.read(offset + into.position(), into) > 0) {
      // One read need not give all.
      continue;
    }
  }
}
