package io.easyagent.server.access;

import io.easyagent.server.query.Page;
import io.easyagent.server.query.PageRequest;
import io.easyagent.server.store.Transaction;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Keeps operators' tokens under the hashes of their secrets. */
public interface OperatorTokenStore {
  /** The hash is unique. */
  void insert(Transaction transaction, OperatorToken token, String secretHash);

  Optional<OperatorToken> findByHash(Transaction transaction, String secretHash);

  Optional<OperatorToken> find(Transaction transaction, UUID id);

  Optional<OperatorToken> findValid(Transaction transaction, String name, Instant now);

  /** Whether anybody can still administer the server. */
  boolean hasAdmin(Transaction transaction, Instant now);

  /** Newest first. */
  Page<OperatorToken> page(Transaction transaction, PageRequest request);

  /** What was deleted; empty when there is none. */
  Optional<OperatorToken> delete(Transaction transaction, UUID id);

  /** The selectors of the valid tokens that have one. */
  List<String> selectors(Transaction transaction, Instant now);

  /** Forgets tokens that expired before. */
  void deleteExpired(Transaction transaction, Instant before);
}
