package io.easyagent.server.fleet;

import io.easyagent.server.store.Transaction;

/** What other features do when a host goes for good. */
public interface HostRemoval {
  /** Called before the host's row goes, in the same transaction. */
  void removing(Transaction transaction, HostId host);
}
