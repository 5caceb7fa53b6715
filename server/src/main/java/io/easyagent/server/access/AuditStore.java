package io.easyagent.server.access;

import io.easyagent.server.query.Page;
import io.easyagent.server.query.PageRequest;
import io.easyagent.server.store.Transaction;
import java.util.List;
import java.util.Optional;

/** Keeps the audit log; entries are only ever added. */
public interface AuditStore {
  void insert(Transaction transaction, AuditEntry entry);

  Optional<AuditEntry> last(Transaction transaction);

  /** Entries from that number on, in order, at most that many. */
  List<AuditEntry> from(Transaction transaction, long sequence, int limit);

  /** Newest first. */
  Page<AuditEntry> page(Transaction transaction, PageRequest request);
}
