package io.easyagent.server.telemetry;

import io.easyagent.server.fleet.Scope;
import io.easyagent.server.fleet.Scoped;
import io.easyagent.server.store.Reader;
import io.easyagent.server.store.Transaction;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

/** The history, ids in the order of the commits. {@link OldEvents} bounds it. */
public final class History implements EventLog, Scoped<Events> {
  private final EventStore store;
  private final Reader reader;
  private final AtomicLong lastId;
  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();

  /** Continues the numbering of what is stored. */
  public History(EventStore store, Reader reader) {
    this.store = store;
    this.reader = reader;
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
}
