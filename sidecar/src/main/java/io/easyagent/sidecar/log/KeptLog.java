package io.easyagent.sidecar.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * What is kept of an agent's output, as one sequence of bytes with the offsets that they have in
 * all that the agent has ever written. Correct while the log is rotated, also by another process.
 * Follows no link and holds no file open between calls. An agent that has written nothing has an
 * empty log. For one thread at a time.
 */
public final class KeptLog {
  private static final Logger LOG = Logger.getLogger(KeptLog.class.getName());
  private static final int TRIES = 100;

  private final LogFiles files;
  private Optional<InflatedFile> inflated = Optional.empty();

  private KeptLog(LogFiles files) {
    this.files = files;
  }

  /**
   * @param logFolder the agent's, as the sidecar has made it
   * @param agent its name
   */
  public static KeptLog of(Path logFolder, String agent) {
    return new KeptLog(new LogFiles(logFolder, agent));
  }

  /** Logical offset of the oldest byte that is kept. */
  public long begin() throws IOException {
    return files.layout().begin();
  }

  /** Logical offset after the newest byte. */
  public long end() throws IOException {
    return files.layout().end();
  }

  /**
   * Logical offset from which on everything lies that was written at that time of the host's clock
   * or later; as little as is known to be older lies there too.
   */
  public long begin(Instant time) throws IOException {
    // Before the layout: no mark is newer than that, then.
    Optional<StoredMarks> marks = findMarks();
    Layout layout = files.layout();
    return marks
        .filter(_ -> layout.stored().isPresent())
        .map(stored -> stored.holding(layout.state(), layout.end()))
        .orElse(LogMarks.NONE)
        .begin(layout, time);
  }

  private Optional<StoredMarks> findMarks() {
    try {
      return files.times().read();
    } catch (IOException unreadable) {
      LOG.log(Level.WARNING, files.live() + ": the times of its lines cannot be read", unreadable);
      return Optional.empty();
    }
  }

  /**
   * Reads bytes from a logical offset on: at least one unless there is none yet, but not always as
   * many as there are.
   *
   * @return how many; 0 at {@link #end}
   * @throws GoneException when the offset lies before what is kept
   * @throws BeyondEndException when the offset lies after the end: the agent has truncated its log
   */
  public int read(long offset, ByteBuffer into) throws IOException {
    if (!into.hasRemaining()) {
      return 0;
    }
    for (int each = 0; each < TRIES; each++) {
      int position = into.position();
      try {
        int read = tryRead(offset, into);
        if (read >= 0) {
          return read;
        }
      } catch (NoSuchFileException rotated) {
        // It is compressed, removed or replaced by now: looked for again.
        inflated = Optional.empty();
      }
      into.position(position);
    }
    throw new IOException(files.live() + " changes all the time");
  }

  /** Negative when what was read may have changed meanwhile. */
  private int tryRead(long offset, ByteBuffer into) throws IOException {
    Layout layout = files.layout();
    if (offset < layout.begin()) {
      throw new GoneException(offset, layout.begin());
    }
    if (offset > layout.end()) {
      throw new BeyondEndException(offset, layout.end());
    }
    if (offset >= layout.state().liveStart()) {
      return readLive(layout, offset, into);
    }
    List<RotatedFile> rotated = layout.files();
    for (int each = rotated.size() - 1; each >= 0; each--) {
      RotatedFile file = rotated.get(each);
      if (file.start() <= offset) {
        int read = readRotated(file, offset - file.start(), into);
        if (read > 0) {
          return read;
        }
        long next =
            each + 1 < rotated.size() ? rotated.get(each + 1).start() : layout.state().liveStart();
        throw new GoneException(offset, next);
      }
    }
    throw new GoneException(offset, layout.begin());
  }

  private int readLive(Layout layout, long offset, ByteBuffer into) throws IOException {
    if (offset == layout.end()) {
      return 0;
    }
    int limit = into.limit();
    into.limit((int) Math.min(limit, into.position() + (layout.end() - offset)));
    int read = files.read(files.live(), offset - layout.state().base(), into);
    into.limit(limit);
    // The state says what is rotated before the head of the file is freed.
    Layout after = files.layout();
    boolean still =
        after.state().inode() == layout.state().inode()
            && after.state().base() == layout.state().base()
            && after.state().liveStart() <= offset;
    return still && read > 0 ? read : -1;
  }

  private int readRotated(RotatedFile file, long position, ByteBuffer into) throws IOException {
    if (!file.compressed()) {
      return files.read(files.pathOf(file), position, into);
    }
    InflatedFile reader = inflated.filter(open -> open.isOf(file)).orElse(null);
    if (reader == null) {
      reader = new InflatedFile(file.start());
      inflated = Optional.of(reader);
    }
    try (FileChannel channel = files.open(files.pathOf(file))) {
      return reader.read(channel, position, into);
    }
  }

  /** What was asked for is not kept any more. */
  public static final class GoneException extends IOException {
    private static final long serialVersionUID = 1L;

    private final long begin;

    GoneException(long offset, long begin) {
      super("offset: " + offset + " (expected: " + begin + " or later; what was before is gone)");
      this.begin = begin;
    }

    /** Logical offset of the oldest byte after that which is kept. */
    public long begin() {
      return begin;
    }
  }

  /** What was asked for is not there: the log has become shorter. */
  public static final class BeyondEndException extends IOException {
    private static final long serialVersionUID = 1L;

    private final long end;

    BeyondEndException(long offset, long end) {
      super("offset: " + offset + " (expected: at most " + end + "; the log was truncated)");
      this.end = end;
    }

    /** Logical offset after the newest byte. */
    public long end() {
      return end;
    }
  }
}
