package io.easyagent.sidecar.log;

import io.easyagent.sidecar.log.StoredMarks.Origin;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.zip.CRC32;

/**
 * Notes when an agent's log had grown how far. That it cannot is told in the sidecar's own log once
 * in a while, and is no failure: what was written in that time is then found less exactly.
 * Thread-safe.
 */
final class LogTimes implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(LogTimes.class.getName());
  private static final Duration TOLD_AGAIN = Duration.ofMinutes(10);

  private final LogFiles files;
  private final TimesFile file;
  private final long boot;
  private final LongSupplier nanoTime;
  private Optional<Stored> stored = Optional.empty();
  private Optional<Long> toldAt = Optional.empty();
  private boolean closed;

  /** The newest mark is all zeros where there is none. */
  private record Stored(Origin origin, LogMark newest, int slots) {}

  /**
   * @param boot differs with every boot of the host
   * @param nanoTime monotonic
   */
  LogTimes(LogFiles files, String boot, LongSupplier nanoTime) {
    this.files = files;
    this.file = files.times();
    this.boot = number(boot);
    this.nanoTime = nanoTime;
  }

  static long number(String boot) {
    CRC32 crc = new CRC32();
    crc.update(boot.getBytes(StandardCharsets.UTF_8));
    return crc.getValue();
  }

  /**
   * All that is in the file that is written was written before this time. Does nothing when it has
   * not grown, and once this is closed.
   *
   * @param layout how things stood when the log was last tended
   * @param size of the file that is written
   * @param time read after the size was
   */
  synchronized void mark(Layout layout, long size, Instant time) {
    if (closed || layout.state().base() + size == 0 && !file.exists()) {
      return;
    }
    LogState state = layout.state();
    long end = state.base() + size;
    try {
      Optional<Stored> before =
          stored
              .filter(known -> known.origin().equals(Origin.of(state)))
              .filter(known -> known.newest().offset() <= end);
      Stored known = before.isPresent() ? before.get() : takeUp(state, end);
      stored = Optional.of(known.newest().offset() < end ? add(known, layout, end, time) : known);
    } catch (NoSuchFileException removed) {
      // Somebody has removed it: it is begun anew by the next one.
      stored = Optional.empty();
    } catch (IOException | RuntimeException failure) {
      stored = Optional.empty();
      tell(failure);
    }
  }

  private Stored takeUp(LogState state, long end) throws IOException {
    Origin origin = Origin.of(state);
    Optional<StoredMarks> found = file.read();
    LogMarks left = found.map(old -> old.takenUp(state, end, boot)).orElse(LogMarks.NONE);
    if (!found.equals(Optional.of(new StoredMarks(origin, boot, left, left.size())))) {
      // Marks that do not hold any more must not come back: later ones would be believed with them.
      boolean held =
          found.filter(old -> old.origin().equals(origin) && old.marks().equals(left)).isPresent();
      write(origin, left, found.isPresent() && !held);
    }
    return stored(origin, left);
  }

  private static Stored stored(Origin origin, LogMarks marks) {
    return new Stored(
        origin, marks.newest().orElse(new LogMark(0, 0, Instant.EPOCH)), marks.size());
  }

  private void write(Origin origin, LogMarks marks, boolean durable) throws IOException {
    try {
      file.write(origin, boot, marks, durable);
    } catch (IOException failure) {
      // On a full disk, for one: no marks are better than those that do not hold.
      file.remove();
      throw failure;
    }
  }

  private Stored add(Stored known, Layout layout, long end, Instant time) throws IOException {
    Stored roomy = known.slots() < LogMarks.MOST ? known : thin(known, layout);
    LogMark mark = LogMark.after(known.newest().number(), end, time);
    file.append(mark, roomy.slots());
    return new Stored(known.origin(), mark, roomy.slots() + 1);
  }

  private Stored thin(Stored known, Layout layout) throws IOException {
    LogMarks marks = file.read().map(StoredMarks::marks).orElse(LogMarks.NONE);
    LogMarks thinned = marks.from(layout.begin()).thinned();
    write(known.origin(), thinned, false);
    return stored(known.origin(), thinned);
  }

  private void tell(Exception failure) {
    long now = nanoTime.getAsLong();
    if (toldAt.filter(told -> now - told < TOLD_AGAIN.toNanos()).isEmpty()) {
      toldAt = Optional.of(now);
      LOG.log(
          Level.WARNING, failure, () -> files.live() + ": the times of its lines are not noted");
    }
  }

  /** Nothing is written any more once this returns. */
  @Override
  public synchronized void close() {
    closed = true;
  }
}
