package io.easyagent.sidecar.journal.store;

import io.easyagent.sidecar.journal.Journal;
import io.easyagent.sidecar.journal.JournalEntry;
import io.easyagent.sidecar.journal.JournalState;
import io.easyagent.sidecar.journal.stored.StoredFrame;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/**
 * The journal in a folder. What is appended at the same time goes into one frame and shares its
 * sync; one thread writes. When a file has filled, the state is written into the spare file, which
 * was preallocated, and takes its place: a full disk stops neither appends nor compaction.
 *
 * <p>After a failed write or sync nothing more is appended, because what the disk holds is not
 * known until the journal is opened anew.
 */
public final class FileJournal implements Journal, AutoCloseable {
  /** The room that a command that has not ended has reserved: its result, kept and queued. */
  public static final int RESERVED_FOR_RESULT = 320 << 10;

  private static final long MARGIN = 64 << 10;

  private final JournalFolder folder;
  private final long capacity;
  private final Thread writer;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  private Group forming = new Group();
  private JournalState tail;
  private volatile JournalState durable;
  private long pendingBytes;

  /** At least as much as the durable state takes when it is stored, with all that is pending. */
  private long boundBytes;

  private boolean closed;
  private String failure = "";

  private FileJournal(JournalFolder folder, JournalState state, ThreadFactory writers) {
    this.folder = folder;
    this.capacity = folder.fileSize() - MARGIN;
    this.tail = state;
    this.durable = state;
    this.boundBytes = storedSize(state);
    this.writer = writers.newThread(this::write);
  }

  /**
   * Opens the journal in a folder that exists and belongs to this process alone; an empty folder
   * gets an empty journal.
   *
   * @throws JournalException when it cannot be read as a whole; nothing of it was changed
   */
  public static FileJournal open(Path folder) throws JournalException {
    return open(folder, JournalSettings.USUAL);
  }

  static FileJournal open(Path folder, long fileSize) throws JournalException {
    return open(folder, JournalSettings.USUAL.withFileSize(fileSize));
  }

  /** As the other. */
  public static FileJournal open(Path path, JournalSettings settings) throws JournalException {
    JournalFolder folder = new JournalFolder(path, settings.fileSize(), settings.frames());
    FileJournal journal = new FileJournal(folder, folder.open(), settings.writers());
    journal.writer.start();
    return journal;
  }

  @Override
  public JournalState state() {
    return durable;
  }

  @Override
  public JournalState append(Function<JournalState, List<JournalEntry>> decision)
      throws JournalException {
    lock.lock();
    try {
      requireOpen();
      List<JournalEntry> entries = decision.apply(tail);
      JournalState next = tail.applyAll(entries);
      Group group = forming;
      if (!entries.isEmpty()) {
        long bytes = StoredForm.encode(entries).getSerializedSize();
        requireRoom(entries, next, bytes);
        tail = next;
        boundBytes += bytes;
        pendingBytes += bytes;
        group.add(entries, bytes, next);
        changed.signalAll();
      } else if (pendingBytes == 0) {
        return next;
      }
      // Also a decision for nothing waits: it saw what may not be on disk yet.
      while (!group.done && failure.isEmpty() && !(group.entries.isEmpty() && pendingBytes == 0)) {
        changed.awaitUninterruptibly();
      }
      if (!group.done && !failure.isEmpty()) {
        throw new JournalException(failure);
      }
      return next;
    } finally {
      lock.unlock();
    }
  }

  private void requireOpen() throws JournalException {
    if (closed) {
      throw new JournalException("journal " + folder + ": closed");
    }
    if (!failure.isEmpty()) {
      throw new JournalException(failure);
    }
  }

  /**
   * Keeps, beside all that is stored, the reserved room of every command that has not ended: a
   * result gives back more than it takes. What frees room, or is small and needed to go on, may use
   * the margin.
   */
  private void requireRoom(List<JournalEntry> entries, JournalState next, long bytes)
      throws NoRoom {
    long needed = bytes;
    long limit = capacity + MARGIN / 2;
    if (!entries.stream().allMatch(FileJournal::isSmall)) {
      limit = capacity;
      needed +=
          RESERVED_FOR_RESULT
              * next.operations().values().stream()
                  .filter(known -> known.result().isEmpty())
                  .count();
    }
    if (boundBytes + needed > limit) {
      boundBytes = storedSize(durable) + pendingBytes;
    }
    if (boundBytes + needed > limit) {
      throw new NoRoom(
          "journal "
              + folder
              + ": no room for "
              + needed
              + " bytes beside "
              + boundBytes
              + " (expected: at most "
              + limit
              + " together)");
    }
  }

  private static boolean isSmall(JournalEntry entry) {
    return switch (entry) {
      case JournalEntry.StepReached reached -> true;
      case JournalEntry.OperationForgotten forgotten -> true;
      case JournalEntry.AgentForgotten forgotten -> true;
      case JournalEntry.EventDropped dropped -> true;
      case JournalEntry.EventReplaced replaced -> true;
      case JournalEntry.EventsAcknowledged acknowledged -> true;
      case JournalEntry.IncarnationStarted started -> true;
      case JournalEntry.SessionOpened opened -> true;
      case JournalEntry.CommandTaken taken -> false;
      case JournalEntry.OperationEnded ended -> false;
      case JournalEntry.AgentKept kept -> false;
      case JournalEntry.EventQueued queued -> false;
    };
  }

  private static long storedSize(JournalState state) {
    return StoredForm.encode(state).getSerializedSize();
  }

  private void write() {
    while (true) {
      Group group;
      lock.lock();
      try {
        while (forming.entries.isEmpty() && !closed) {
          changed.awaitUninterruptibly();
        }
        if (forming.entries.isEmpty() || !failure.isEmpty()) {
          return;
        }
        group = forming;
        forming = new Group();
      } finally {
        lock.unlock();
      }
      String problem = "";
      try {
        byte[] frame =
            StoredFrame.newBuilder()
                .setEntries(StoredForm.encode(group.entries))
                .build()
                .toByteArray();
        folder.append(frame, durable);
      } catch (IOException | RuntimeException | Error broken) {
        problem =
            "journal " + folder + ": cannot be written: " + broken + "; nothing more is appended";
      }
      lock.lock();
      try {
        if (problem.isEmpty()) {
          group.done = true;
          durable = group.state;
          pendingBytes -= group.bytes;
        } else {
          failure = problem;
        }
        changed.signalAll();
      } finally {
        lock.unlock();
      }
    }
  }

  /** Writes what was appended, then closes; further appends fail. */
  @Override
  public void close() throws IOException {
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    boolean interrupted = false;
    while (writer.isAlive()) {
      try {
        writer.join();
      } catch (InterruptedException again) {
        interrupted = true;
      }
    }
    folder.close();
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** What becomes durable together. Guarded by the journal's lock until it is taken for writing. */
  private static final class Group {
    private final List<JournalEntry> entries = new ArrayList<>();
    private long bytes;
    private JournalState state = JournalState.empty(new UUID(0, 0));
    private boolean done;

    void add(List<JournalEntry> more, long size, JournalState after) {
      entries.addAll(more);
      bytes += size;
      state = after;
    }
  }
}
