package io.easyagent.server.operation;

import io.easyagent.server.operation.RetentionStore.EndedBatch;
import io.easyagent.server.retention.Bound;
import io.easyagent.server.retention.Forgetting;
import io.easyagent.server.store.Transaction;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Batches whose every operation has ended are kept for a time and in a number of operations. A
 * batch goes as a whole: from one moment on nobody sees it, then its operations are removed.
 */
public final class EndedBatches implements Forgetting {
  private static final int BATCHES_AT_ONCE = 1_000;

  private final RetentionStore store;
  private final Bound bound;
  private final InstantSource clock;

  /**
   * @param bound of operations; their age counts from the end of their batch
   */
  public EndedBatches(RetentionStore store, Bound bound, InstantSource clock) {
    this.store = store;
    this.bound = bound;
    this.clock = clock;
  }

  @Override
  public String what() {
    return "operations";
  }

  @Override
  public Plan plan(Transaction reading) {
    Instant now = clock.instant();
    List<BatchId> going = new ArrayList<>();
    for (EndedBatch old : store.endedBefore(reading, bound.oldest(now), BATCHES_AT_ONCE)) {
      going.add(old.id());
    }
    if (going.isEmpty()) {
      long tooMany = store.operations(reading) - bound.most();
      if (tooMany > 0) {
        for (EndedBatch old : store.endedBefore(reading, Bound.dispensable(now), BATCHES_AT_ONCE)) {
          if (tooMany > 0) {
            going.add(old.id());
            tooMany -= old.operations();
          }
        }
      }
    }
    Deque<BatchId> left = new ArrayDeque<>(going);
    return (writing, most) -> step(writing, left, most);
  }

  /** What is leaving goes first, also what an earlier round left behind. */
  private int step(Transaction writing, Deque<BatchId> left, int most) {
    int removed = store.removeLeaving(writing, most);
    if (removed > 0) {
      return removed;
    }
    List<BatchId> next = new ArrayList<>();
    while (next.size() < most && !left.isEmpty()) {
      next.add(left.poll());
    }
    store.leave(writing, next);
    return next.size();
  }
}
