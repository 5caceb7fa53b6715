package io.easyagent.server.operation;

import io.easyagent.server.operation.RetentionStore.StoredOutput;
import io.easyagent.server.retention.Bound;
import io.easyagent.server.retention.Forgetting;
import io.easyagent.server.store.Transaction;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
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
    List<StoredOutput> going = new ArrayList<>();
    for (StoredOutput output : store.outputsBefore(reading, before, OUTPUTS_AT_ONCE)) {
      if (output.lastUsed().isBefore(oldest) || tooMany > 0) {
        going.add(output);
        tooMany -= output.bytes();
      }
    }
    return Plan.of(going, store::removeOutputs);
  }
}
