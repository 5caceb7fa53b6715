package io.easyagent.sidecar.supervise;

import io.easyagent.sidecar.log.KeptLog;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Looks for a text in the lines that a process writes: forward from where its output starts, every
 * byte once, as the search of Knuth, Morris and Pratt does it: whatever the output is, the time
 * that it takes is in proportion to its length. Used by one thread at a time.
 */
final class LineSearch {
  private static final int AT_ONCE = 64 << 10;

  /** What one look reads at most; what is behind it is for the next. */
  private static final int READ_MOST = 32 << 20;

  private final KeptLog log;
  private final long start;
  private final String text;
  private final byte[] wanted;

  /** How long the beginning of the text is that also ends its first {@code index + 1} bytes. */
  private final int[] borders;

  private long position;
  private int matched;

  /**
   * @param start logical offset; what lies before is another process's
   * @param text not empty, without a line end
   */
  LineSearch(KeptLog log, long start, String text) {
    this.log = log;
    this.start = start;
    this.text = text;
    this.position = start;
    this.wanted = text.getBytes(StandardCharsets.UTF_8);
    this.borders = borders(wanted);
  }

  private static int[] borders(byte[] wanted) {
    int[] borders = new int[wanted.length];
    for (int index = 1; index < wanted.length; index++) {
      int border = borders[index - 1];
      while (border > 0 && wanted[index] != wanted[border]) {
        border = borders[border - 1];
      }
      borders[index] = wanted[index] == wanted[border] ? border + 1 : 0;
    }
    return borders;
  }

  /** Well once a line holds the text. Reads a bounded number of bytes. */
  ProbeAnswer look() {
    try {
      return isFound()
          ? ProbeAnswer.WELL
          : new ProbeAnswer.NotWell("no line of its output has \"" + text + "\"");
    } catch (IOException unreadable) {
      return new ProbeAnswer.NotWell("its output: " + Failures.reason(unreadable));
    }
  }

  private boolean isFound() throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(AT_ONCE);
    for (int read = 0; read < READ_MOST; read += bytes.limit()) {
      bytes.clear();
      if (!isRead(bytes)) {
        return false;
      }
      bytes.flip();
      while (bytes.hasRemaining()) {
        if (isFound(bytes.get())) {
          return true;
        }
      }
    }
    return false;
  }

  private boolean isRead(ByteBuffer bytes) throws IOException {
    int read;
    try {
      read = log.read(position, bytes);
    } catch (KeptLog.GoneException gone) {
      read = readFrom(gone.begin(), bytes);
    } catch (KeptLog.BeyondEndException truncated) {
      // What it has written since is all that there is.
      read = readFrom(start <= truncated.end() ? start : log.begin(), bytes);
    }
    position += read;
    return read > 0;
  }

  private int readFrom(long offset, ByteBuffer bytes) throws IOException {
    matched = 0;
    position = offset;
    return log.read(offset, bytes);
  }

  private boolean isFound(byte next) {
    while (matched > 0 && wanted[matched] != next) {
      matched = borders[matched - 1];
    }
    if (wanted[matched] == next) {
      matched++;
    }
    if (matched < wanted.length) {
      return false;
    }
    matched = borders[matched - 1];
    return true;
  }
}
