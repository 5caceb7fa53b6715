package io.easyagent.server.operation;

import io.easyagent.server.operation.RetentionStore.StoredOutput;
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
 * Outputs are kept for a time and in a number of bytes, those of batches that still run in any
 * case. An output that several operations share is as old as the last use of it.
 */
public final class OldOutputs implements Forgetting {
  private static final int OUTPUTS_AT_ONCE = 5_000;

  private final RetentionStore store;
  private final Bound bound;
  private final InstantSource clock;

  /**
   * @param bound in bytes
   */
  public OldOutputs(RetentionStore store, Bound bound, InstantSource clock) {
    this.store = store;
    this.bound = bound;
    this.clock = clock;
  }

  @Override
  public String what() {
    return "outputs";
  }

  @Override
  public Plan plan(Transaction reading) {
    Instant now = clock.instant();
    Instant oldest = bound.oldest(now);
    long tooMany = store.outputBytes(reading) - bound.most();
    Instant before = tooMany > 0 ? Bound.dispensable(now) : oldest;
    Deque<StoredOutput> going = new ArrayDeque<>();
    for (StoredOutput output : store.outputsBefore(reading, before, OUTPUTS_AT_ONCE)) {
      if (output.lastUsed().isBefore(oldest) || tooMany > 0) {
        going.add(output);
        tooMany -= output.bytes();
      }
    }
    if (going.isEmpty()) {
      return Plan.NOTHING;
    }
    return (writing, most) -> step(writing, going, most);
  }

  /** One that is in use again is passed over, and is no reason to stop. */
  private int step(Transaction writing, Deque<StoredOutput> going, int most) {
    int removed = 0;
    while (removed == 0 && !going.isEmpty()) {
      List<StoredOutput> next = new ArrayList<>();
      while (next.size() < most && !going.isEmpty()) {
        next.add(going.poll());
      }
      removed = store.removeOutputs(writing, next);
    }
    return removed;
  }
}
