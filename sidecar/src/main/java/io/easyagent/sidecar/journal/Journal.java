package io.easyagent.sidecar.journal;

import java.util.List;
import java.util.function.Function;

/** The one place where the sidecar keeps what must survive it. Thread-safe. */
public interface Journal {

  /** What the durable entries add up to. Never runs ahead of the disk. */
  JournalState state();

  /**
   * Appends entries, all or none, and returns once they are on disk. The decision sees the state
   * that the entries will follow; no other append comes between. Concurrent appends share a sync.
   * An empty list appends nothing. A decision that throws appends nothing, and what it threw is
   * thrown.
   *
   * <p>The space is bounded. A command is only taken while there is room for it and for the results
   * of all that are taken already ({@link NoRoom} otherwise), so that a result always finds its
   * room.
   *
   * @return the state after the append
   * @throws JournalException when nothing of it can be relied on: there is no room, or the disk
   *     failed, after which every append fails until the journal is opened anew
   * @throws IllegalArgumentException when the entries do not fit the state; nothing was appended
   */
  JournalState append(Function<JournalState, List<JournalEntry>> decision) throws JournalException;

  /** The journal cannot be read or written; says which file and why. */
  class JournalException extends Exception {
    private static final long serialVersionUID = 1L;

    public JournalException(String message, Throwable cause) {
      super(message, cause);
    }

    public JournalException(String message) {
      super(message);
    }

    @Override
    public String getMessage() {
      return String.valueOf(super.getMessage());
    }
  }

  /** The bounded space is used up; nothing was appended, and the journal goes on. */
  final class NoRoom extends JournalException {
    private static final long serialVersionUID = 1L;

    public NoRoom(String message) {
      super(message);
    }
  }
}
