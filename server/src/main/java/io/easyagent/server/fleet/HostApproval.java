package io.easyagent.server.fleet;

import io.easyagent.server.store.Transaction;

/** What other features do when an operator approves a pending host. */
public interface HostApproval {
  /** Called in the transaction of the approval. */
  void approving(Transaction transaction, HostId host);
}
