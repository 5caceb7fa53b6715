package io.easyagent.server.secret;

import io.easyagent.server.query.Page;
import io.easyagent.server.query.PageRequest;
import io.easyagent.server.store.Transaction;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Secrets as they are stored: sealed. */
public interface SecretStore {
  /** A secret with its sealed value. */
  record Row(
      String name,
      long version,
      SecretGrant grant,
      SealedSecret sealed,
      Instant updatedAt,
      String updatedBy) {}

  /** Makes it, or replaces the one of the same name. */
  void put(Transaction transaction, Row row);

  Optional<Row> find(Transaction transaction, String name);

  List<Row> find(Transaction transaction, Collection<String> names);

  /** Sorted by name. */
  Page<Secret> page(Transaction transaction, PageRequest request);

  Set<String> names(Transaction transaction);

  /** The ids of the keys that values are sealed with. */
  Set<String> keys(Transaction transaction);

  boolean delete(Transaction transaction, String name);
}
