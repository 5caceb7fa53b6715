package io.easyagent.server.telemetry;

import io.easyagent.server.fleet.Scope;
import io.easyagent.server.query.Page;
import io.easyagent.server.query.PageRequest;
import io.easyagent.server.store.Transaction;
import java.time.Instant;
import java.util.List;

/** Keeps the history. */
public interface EventStore {
  void insert(Transaction transaction, long id, NewEvent event);

  /** The highest id in use; 0 when there is none. */
  long lastId(Transaction transaction);

  /** Of the scope's hosts. Newest first; with {@code after} in the query oldest first. */
  Page<Event> page(Transaction transaction, Scope scope, EventQuery query, PageRequest request);

  /** The first events of the scope's hosts that match, oldest first. */
  List<Event> first(Transaction transaction, Scope scope, EventQuery query, int limit);

  /**
   * Removes the oldest events as long as they are too many or too old, but never the newest one.
   *
   * @param keep how many stay at most
   * @param most that are removed, and looked at
   * @return how many were removed
   */
  int removeOldest(Transaction transaction, long keep, Instant receivedBefore, int most);
}
