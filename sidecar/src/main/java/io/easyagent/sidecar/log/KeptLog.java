package io.easyagent.sidecar.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;

/**
 * An agent's output as far as it is kept. Bytes have logical offsets: how many the agent had
 * written before. Holds nothing open between calls. Thread-safe.
 */
public final class KeptLog {
  private final Path file;

  private KeptLog(Path file) {
    this.file = file;
  }

  public static KeptLog of(Path logFolder, String agent) {
    return new KeptLog(logFolder.resolve(agent + ".log"));
  }

  /** Of the oldest byte kept. */
  public long begin() throws IOException {
    return 0;
  }

  /** After the newest byte. */
  public long end() throws IOException {
    try (FileChannel channel = open()) {
      return channel.size();
    } catch (NoSuchFileException nothingYet) {
      return 0;
    }
  }

  /**
   * Reads from that offset on, at least one byte unless it is the end, where it gives 0.
   *
   * @throws GoneException when the offset is before {@link #begin}
   * @throws TruncatedException when it is after {@link #end}
   */
  public int read(long offset, ByteBuffer into) throws IOException {
    try (FileChannel channel = open()) {
      if (offset > channel.size()) {
        throw new TruncatedException(offset, channel.size());
      }
      return Math.max(0, channel.read(into, offset));
    } catch (NoSuchFileException nothingYet) {
      if (offset > 0) {
        throw new TruncatedException(offset, 0);
      }
      return 0;
    }
  }

  private FileChannel open() throws IOException {
    return FileChannel.open(file, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS));
  }

  /** What was asked for is not kept any more. */
  public static final class GoneException extends IOException {
    private static final long serialVersionUID = 1L;

    private final long begin;

    public GoneException(long offset, long begin) {
      super("offset: " + offset + " (expected: at least " + begin + ")");
      this.begin = begin;
    }

    /** Of the oldest byte kept. */
    public long begin() {
      return begin;
    }
  }

  /** The output is shorter than it was. */
  public static final class TruncatedException extends IOException {
    private static final long serialVersionUID = 1L;

    public TruncatedException(long offset, long end) {
      super("offset: " + offset + " (expected: at most " + end + ")");
    }
  }
}
