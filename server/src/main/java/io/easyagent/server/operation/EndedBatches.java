package io.easyagent.server.operation;

import io.easyagent.server.operation.RetentionStore.EndedBatch;
import io.easyagent.server.retention.Bound;
import io.easyagent.server.retention.Forgetting;
import io.easyagent.server.store.Transaction;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
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

  /** What is leaving is removed first, also what an earlier round left behind. */
  @Override
  public Plan plan(Transaction reading) {
    Plan leave =
        Plan.of(
            going(reading, clock.instant()),
            (writing, batches) -> {
              store.leave(writing, batches);
              return batches.size();
            });
    return (writing, most) -> {
      int removed = store.removeLeaving(writing, most);
      return removed > 0 ? removed : leave.forget(writing, most);
    };
  }

  private List<BatchId> going(Transaction reading, Instant now) {
    List<EndedBatch> tooOld = store.endedBefore(reading, bound.oldest(now), BATCHES_AT_ONCE);
    return tooOld.isEmpty() ? tooMany(reading, now) : tooOld.stream().map(EndedBatch::id).toList();
  }

  private List<BatchId> tooMany(Transaction reading, Instant now) {
    long tooMany = store.operations(reading) - bound.most();
    if (tooMany <= 0) {
      return List.of();
    }
    List<BatchId> going = new ArrayList<>();
    for (EndedBatch old : store.endedBefore(reading, Bound.dispensable(now), BATCHES_AT_ONCE)) {
      if (tooMany > 0) {
        going.add(old.id());
        tooMany -= old.operations();
      }
    }
    return going;
  }
}
