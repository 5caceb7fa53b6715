package io.easyagent.server.fleet;

import io.easyagent.server.store.Transaction;
import java.time.Instant;
import java.util.List;

/** The copies of hosts' identities as they are stored. */
public interface CopyStore {
  /** So many are kept of a host; of more, the refused ones that were away longest are forgotten. */
  int MOST = 16;

  /** In the order in which they were first seen. */
  List<HostCopy> of(Transaction transaction, HostId host);

  /**
   * Stores a copy that was seen. One that is known keeps its standing and when it was seen first;
   * where there is no room, a new one is not stored.
   */
  void seen(Transaction transaction, HostId host, HostCopy copy);

  /**
   * The copy goes on as the host, which is no longer conflicted: what it presents opens its next
   * session; every other copy is refused. When it is not the one that the last session was with,
   * its outbox is numbered anew, and what was sent in earlier sessions it may have lost.
   *
   * @return false when the host is not conflicted
   */
  boolean keep(Transaction transaction, HostId host, HostCopy kept, Instant now);
}
