package io.easyagent.server.telemetry;

import io.easyagent.server.store.Transaction;

/** The history, as those see it who write it. */
public interface EventLog {
  /** Stores the event with the work's other effects: together with them or not at all. */
  void append(Transaction transaction, NewEvent event);
}
