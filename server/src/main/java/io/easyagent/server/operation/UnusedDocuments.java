package io.easyagent.server.operation;

import io.easyagent.server.retention.Forgetting;
import io.easyagent.server.store.Transaction;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Commands and definitions that no operation and no agent has any more. Commands go with the last
 * of their operations; this finds what agents leave behind: a part of all documents in each round,
 * from where the last one ended.
 */
public final class UnusedDocuments implements Forgetting {
  private static final int LOOKED_AT = 5_000;
  private static final String BEFORE_THE_FIRST = "";

  private final RetentionStore store;
  private volatile String lookedAt = BEFORE_THE_FIRST;

  public UnusedDocuments(RetentionStore store) {
    this.store = store;
  }

  @Override
  public String what() {
    return "documents";
  }

  @Override
  public Plan plan(Transaction reading) {
    List<String> digests = store.documentsAfter(reading, lookedAt, LOOKED_AT);
    lookedAt = digests.size() < LOOKED_AT ? BEFORE_THE_FIRST : digests.getLast();
    Deque<String> going = new ArrayDeque<>(store.unused(reading, digests));
    return going.isEmpty() ? Plan.NOTHING : (writing, most) -> step(writing, going, most);
  }

  /** One that is in use again is passed over, and is no reason to stop. */
  private int step(Transaction writing, Deque<String> going, int most) {
    int removed = 0;
    while (removed == 0 && !going.isEmpty()) {
      List<String> next = new ArrayList<>();
      while (next.size() < most && !going.isEmpty()) {
        next.add(going.poll());
      }
      removed = store.removeUnused(writing, next);
    }
    return removed;
  }
}
