package io.easyagent.server.telemetry;

import io.easyagent.server.retention.Bound;
import io.easyagent.server.retention.Forgetting;
import io.easyagent.server.store.Transaction;
import java.time.Instant;
import java.time.InstantSource;

/** Events are kept for a time and in a number; the newest one always is, for its id. */
public final class OldEvents implements Forgetting {
  private final EventStore store;
  private final Bound bound;
  private final InstantSource clock;

  /**
   * @param bound of events
   */
  public OldEvents(EventStore store, Bound bound, InstantSource clock) {
    this.store = store;
    this.bound = bound;
    this.clock = clock;
  }

  @Override
  public String what() {
    return "events";
  }

  @Override
  public Plan plan(Transaction reading) {
    Instant oldest = bound.oldest(clock.instant());
    return (writing, most) -> store.removeOldest(writing, bound.most(), oldest, most);
  }
}
