package io.easyagent.server.telemetry;

import io.easyagent.server.fleet.Scope;
import io.easyagent.server.fleet.Scoped;
import io.easyagent.server.store.Reader;
import io.easyagent.server.store.Transaction;
import io.easyagent.server.store.Writer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

/** The history: bounded in number and age, ids in the order of the commits. */
public final class History implements EventLog, Scoped<Events> {
  /** Events that are kept. */
  public static final long MOST_KEPT = 200_000;

  public static final Duration LONGEST_KEPT = Duration.ofDays(30);

  private static final int PRUNED_AT_ONCE = 1_000;

  private final EventStore store;
  private final Reader reader;
  private final Writer writer;
  private final InstantSource clock;
  private final AtomicLong lastId;
  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();

  /** Continues the numbering of what is stored. */
  public History(EventStore store, Reader reader, Writer writer, InstantSource clock) {
    this.store = store;
    this.reader = reader;
    this.writer = writer;
    this.clock = clock;
    this.lastId = new AtomicLong(reader.read(store::lastId));
  }

  @Override
  public void append(Transaction transaction, NewEvent event) {
    store.insert(transaction, lastId.incrementAndGet(), event);
    transaction.afterCommit(() -> listeners.forEach(Runnable::run));
  }

  @Override
  public Events within(Scope scope) {
    return new Events(store, reader, scope);
  }

  /** The id that every later event's is greater than. */
  public long lastId() {
    return reader.read(store::lastId);
  }

  /** Runs the listener after events were committed; it must be quick. Closing ends it. */
  public AutoCloseable onAppend(Runnable listener) {
    listeners.add(listener);
    return () -> listeners.remove(listener);
  }

  /** Forgets what is too old or too much, in short transactions. Called now and then. */
  public void prune() {
    Writer.Work<Integer> work =
        transaction ->
            store.prune(
                transaction, MOST_KEPT, clock.instant().minus(LONGEST_KEPT), PRUNED_AT_ONCE);
    int pruned;
    do {
      pruned = writer.write(work);
    } while (pruned == PRUNED_AT_ONCE);
  }
}
