package io.easyagent.sidecar.journal;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

/** A journal in memory with the same fold; what it holds survives no one. */
public final class FakeJournal implements Journal {
  private final List<JournalEntry> entries = new ArrayList<>();
  private Optional<JournalException> failure = Optional.empty();
  private JournalState state;

  public FakeJournal() {
    this(JournalState.empty(new UUID(0, 1)));
  }

  /** As a journal that was opened again. */
  public FakeJournal(JournalState state) {
    this.state = state;
  }

  @Override
  public synchronized JournalState state() {
    return state;
  }

  @Override
  public synchronized JournalState append(Function<JournalState, List<JournalEntry>> decision)
      throws JournalException {
    if (failure.isPresent()) {
      throw failure.get();
    }
    List<JournalEntry> decided = decision.apply(state);
    state = state.applyAll(decided);
    entries.addAll(decided);
    return state;
  }

  /** Everything appended so far, in its order. */
  public synchronized List<JournalEntry> entries() {
    return List.copyOf(entries);
  }

  /** From now on every append fails so. */
  public synchronized void fail(JournalException exception) {
    failure = Optional.of(exception);
  }

  /** Appends succeed again. */
  public synchronized void recover() {
    failure = Optional.empty();
  }
}
