package io.easyagent.sidecar.journal;

import java.util.List;
import java.util.function.Function;

/** A journal that tells someone after each append. */
public final class NotifyingJournal implements Journal {
  private final Journal journal;
  private final Runnable listener;

  /**
   * @param listener runs on the thread that appended, after the entries are on disk; must not block
   */
  public NotifyingJournal(Journal journal, Runnable listener) {
    this.journal = journal;
    this.listener = listener;
  }

  @Override
  public JournalState state() {
    return journal.state();
  }

  @Override
  public JournalState append(Function<JournalState, List<JournalEntry>> decision)
      throws JournalException {
    JournalState after = journal.append(decision);
    listener.run();
    return after;
  }
}
