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
   * An empty list appends nothing.
   *
   * @return the state after the append
   * @throws JournalException when nothing was appended: the disk failed or the reserved room is
   *     used up
   */
  JournalState append(Function<JournalState, List<JournalEntry>> decision) throws JournalException;

  /** The journal cannot be read or written; says which file and why. */
  final class JournalException extends Exception {
    private static final long serialVersionUID = 1L;

    public JournalException(String message, Throwable cause) {
      super(message, cause);
    }

    public JournalException(String message) {
      super(message);
    }
  }
}
