package io.easyagent.sidecar.journal.store;

import com.google.protobuf.InvalidProtocolBufferException;
import io.easyagent.sidecar.journal.Journal.JournalException;
import io.easyagent.sidecar.journal.JournalEntry;
import io.easyagent.sidecar.journal.JournalFold;
import io.easyagent.sidecar.journal.JournalState;
import io.easyagent.sidecar.journal.stored.StoredFrame;
import io.easyagent.sidecar.wire.WireException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The journal's files: the one with the highest number holds the state, {@code spare} takes the
 * next. A file gets a number only once its snapshot is on disk, so that what has a lower number is
 * not needed any more. For one thread.
 */
final class JournalFolder implements AutoCloseable {
  private static final Logger log = Logger.getLogger(JournalFolder.class.getName());
  private static final Pattern NAME = Pattern.compile("journal-(\\d{12})");

  private final Path path;
  private final long fileSize;
  private final FrameWriter.Opener frames;
  private final Path spare;
  private final Path unfinished;
  private @Nullable JournalFile active;
  private long snapshotEnd;

  JournalFolder(Path path, long fileSize, FrameWriter.Opener frames) {
    this.path = path;
    this.fileSize = fileSize;
    this.frames = frames;
    this.spare = path.resolve("spare");
    this.unfinished = path.resolve("spare.unfinished");
  }

  long fileSize() {
    return fileSize;
  }

  /** Reads the state; an empty folder gets a journal with a new incarnation. */
  JournalState open() throws JournalException {
    try {
      List<Path> files = numbered();
      if (files.isEmpty()) {
        JournalState empty = JournalState.empty(UUID.randomUUID());
        renewSpare();
        begin(1, 1, empty);
        renewSpare();
        return empty;
      }
      Restored restored = new Restored(files.getLast());
      active = JournalFile.open(files.getLast(), restored, frames);
      JournalState state = restored.state();
      // What was compacted no longer matters to where the next compaction is due.
      snapshotEnd = JournalFile.HEADER;
      for (Path old : files.subList(0, files.size() - 1)) {
        recycle(old);
      }
      hasSpare();
      return state;
    } catch (IOException failure) {
      throw new JournalException("journal " + path + ": " + failure, failure);
    }
  }

  /**
   * Writes a frame and returns once it is on disk.
   *
   * @param before the state that the frame follows
   */
  void append(byte[] frame, JournalState before) throws IOException {
    JournalFile file = requireActive();
    boolean due = file.used() - snapshotEnd > fileSize / 2;
    if (!file.fits(frame.length) || due && hasSpare()) {
      file = compact(file, before);
    }
    if (!file.fits(frame.length)) {
      throw new IOException("a frame of " + frame.length + " bytes does not fit");
    }
    file.append(frame);
  }

  private JournalFile compact(JournalFile old, JournalState state) throws IOException {
    if (Files.notExists(spare)) {
      renewSpare();
    }
    JournalFile next = begin(old.number() + 1, old.nextSequence(), state);
    old.close();
    recycle(old.path());
    return next;
  }

  private JournalFile begin(long number, long firstSequence, JournalState state)
      throws IOException {
    byte[] snapshot =
        StoredFrame.newBuilder().setSnapshot(StoredForm.encode(state)).build().toByteArray();
    Path target = path.resolve("journal-%012d".formatted(number));
    try (JournalFile file = JournalFile.begin(spare, number, firstSequence, frames)) {
      if (!file.fits(snapshot.length)) {
        throw new IOException("a snapshot of " + snapshot.length + " bytes does not fit");
      }
      file.append(snapshot);
    }
    Files.move(spare, target, StandardCopyOption.ATOMIC_MOVE);
    sync();
    JournalFile begun;
    try {
      begun = JournalFile.open(target, payload -> {}, frames);
    } catch (JournalException unreadable) {
      throw new IOException(unreadable);
    }
    active = begun;
    snapshotEnd = begun.used();
    return begun;
  }

  /** The old file becomes the spare one; its room on the disk stays ours. */
  private void recycle(Path old) {
    try {
      if (Files.size(old) != fileSize) {
        Files.delete(old);
        return;
      }
      JournalFile.erase(old);
      Files.move(old, spare, StandardCopyOption.ATOMIC_MOVE);
      sync();
    } catch (IOException failure) {
      log.log(Level.WARNING, "journal file " + old + " is not reused", failure);
    }
  }

  /** A disk that is full now may have room by the time that the file is. */
  private boolean hasSpare() {
    try {
      if (Files.notExists(spare)) {
        renewSpare();
      }
      return true;
    } catch (IOException failure) {
      log.log(Level.WARNING, "journal " + path + ": no room for a spare file", failure);
      return false;
    }
  }

  private void renewSpare() throws IOException {
    try {
      JournalFile.preallocate(unfinished, fileSize);
    } catch (IOException failure) {
      // What room there was is not ours to hold.
      Files.deleteIfExists(unfinished);
      throw failure;
    }
    Files.move(unfinished, spare, StandardCopyOption.ATOMIC_MOVE);
    sync();
  }

  private List<Path> numbered() throws IOException {
    try (Stream<Path> files = Files.list(path)) {
      return files
          .filter(file -> NAME.matcher(file.getFileName().toString()).matches())
          .sorted()
          .toList();
    }
  }

  private void sync() throws IOException {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  private JournalFile requireActive() {
    if (active == null) {
      throw new IllegalStateException("journal " + path + " is not open");
    }
    return active;
  }

  @Override
  public void close() throws IOException {
    if (active != null) {
      active.close();
    }
  }

  @Override
  public String toString() {
    return path.toString();
  }

  /** Folds the frames of a file. */
  private static final class Restored implements JournalFile.Reader {
    private final Path file;
    private Optional<JournalFold> fold = Optional.empty();

    Restored(Path file) {
      this.file = file;
    }

    @Override
    public void frame(ByteBuffer payload) throws JournalException {
      try {
        StoredFrame frame = StoredFrame.parseFrom(payload);
        switch (frame.getContentCase()) {
          case SNAPSHOT -> {
            if (fold.isPresent()) {
              throw new WireException("a snapshot after the first frame");
            }
            fold = Optional.of(new JournalFold(StoredForm.decode(frame.getSnapshot())));
          }
          case ENTRIES -> {
            JournalFold open =
                fold.orElseThrow(() -> new WireException("entries before the snapshot"));
            for (JournalEntry entry : StoredForm.decode(frame.getEntries())) {
              open.apply(entry);
            }
          }
          case CONTENT_NOT_SET -> throw new WireException("a frame of a kind that is not known");
        }
      } catch (InvalidProtocolBufferException
          | WireException
          | IllegalArgumentException unreadable) {
        throw new JournalException("journal " + file + ": " + unreadable.getMessage(), unreadable);
      }
    }

    JournalState state() throws JournalException {
      return fold.orElseThrow(() -> new JournalException("journal " + file + ": no snapshot"))
          .state();
    }
  }
}
