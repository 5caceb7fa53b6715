package io.easyagent.sidecar.operation.work;

import io.easyagent.sidecar.journal.Journal;
import io.easyagent.sidecar.journal.JournalEntry;
import io.easyagent.sidecar.journal.JournalState;
import java.util.List;
import java.util.function.Function;

/**
 * A journal as one life of the sidecar sees it. At the chosen append that life is over: before the
 * entries are on disk or right after, and nothing that it does later reaches the disk.
 */
final class CrashingJournal implements Journal {
  /** On which side of the disk the life ends. */
  enum Side {
    BEFORE,
    AFTER
  }

  /** Not an exception: nobody catches it, the thread that meets it does nothing any more. */
  static final class Death extends Error {
    private static final long serialVersionUID = 1L;

    Death() {
      super("the sidecar is dead", null, false, false);
    }
  }

  private final Journal disk;
  private final int crashAt;
  private final Side side;
  private int appends;
  private boolean dead;

  CrashingJournal(Journal disk, int crashAt, Side side) {
    this.disk = disk;
    this.crashAt = crashAt;
    this.side = side;
  }

  /** A life without a crash. */
  CrashingJournal(Journal disk) {
    this(disk, Integer.MAX_VALUE, Side.BEFORE);
  }

  synchronized boolean isDead() {
    return dead;
  }

  synchronized int appends() {
    return appends;
  }

  @Override
  public JournalState state() {
    return disk.state();
  }

  @Override
  public synchronized JournalState append(Function<JournalState, List<JournalEntry>> decision)
      throws JournalException {
    if (dead) {
      throw new Death();
    }
    appends++;
    if (appends < crashAt) {
      return disk.append(decision);
    }
    dead = true;
    if (side == Side.AFTER) {
      disk.append(decision);
    }
    throw new Death();
  }
}
