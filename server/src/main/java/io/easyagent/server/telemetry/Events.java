package io.easyagent.server.telemetry;

import io.easyagent.server.fleet.Scope;
import io.easyagent.server.query.Page;
import io.easyagent.server.query.PageRequest;
import io.easyagent.server.store.Reader;
import java.util.List;

/** The history as a caller sees it: what happened on the hosts within the scope. */
public final class Events {
  private final EventStore store;
  private final Reader reader;
  private final Scope scope;

  Events(EventStore store, Reader reader, Scope scope) {
    this.store = store;
    this.reader = reader;
    this.scope = scope;
  }

  public Page<Event> page(EventQuery query, PageRequest request) {
    return reader.read(transaction -> store.page(transaction, scope, query, request));
  }

  /**
   * The first events that match, oldest first; for a watcher that goes on from the last of them.
   */
  public List<Event> first(EventQuery query, int limit) {
    return reader.read(transaction -> store.first(transaction, scope, query, limit));
  }
}
