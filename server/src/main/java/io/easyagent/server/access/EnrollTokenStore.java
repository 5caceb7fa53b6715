package io.easyagent.server.access;

import io.easyagent.server.query.Page;
import io.easyagent.server.query.PageRequest;
import io.easyagent.server.store.Transaction;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/** Enrolment tokens as they are stored: the secret only as its hash. */
public interface EnrollTokenStore {
  /** The hash is unique. */
  void insert(Transaction transaction, EnrollToken token, String secretHash);

  Optional<EnrollToken> findBySecret(Transaction transaction, String secretHash);

  /** Takes one use; false when none is left. */
  boolean takeUse(Transaction transaction, UUID id);

  boolean delete(Transaction transaction, UUID id);

  void deleteExpiredBefore(Transaction transaction, Instant time);

  /** Newest first. */
  Page<EnrollToken> page(Transaction transaction, PageRequest request);
}
