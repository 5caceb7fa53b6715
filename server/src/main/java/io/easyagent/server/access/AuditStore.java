package io.easyagent.server.access;

import io.easyagent.server.query.Page;
import io.easyagent.server.query.PageRequest;
import io.easyagent.server.store.Transaction;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Keeps the audit log: entries are added at its end, and removed from its beginning. */
public interface AuditStore {
  void insert(Transaction transaction, AuditEntry entry);

  Optional<AuditEntry> last(Transaction transaction);

  /** Entries from that number on, in order, at most that many. */
  List<AuditEntry> from(Transaction transaction, long sequence, int limit);

  /** The number of the first entry after that one which was not written before the time. */
  OptionalLong firstSince(Transaction transaction, long after, Instant time);

  /** Where the log begins; empty: with its first entry. */
  Optional<AuditAnchor> anchor(Transaction transaction);

  /** From now on the log begins there. */
  void putAnchor(Transaction transaction, AuditAnchor anchor);

  /** Removes entries up to that number, at most that many. How many were removed. */
  int removeUpTo(Transaction transaction, long sequence, int most);

  /** Newest first. */
  Page<AuditEntry> page(Transaction transaction, PageRequest request);
}
