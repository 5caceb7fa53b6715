package io.easyagent.server.artifact;

import io.easyagent.server.query.Page;
import io.easyagent.server.query.PageRequest;
import io.easyagent.server.store.Transaction;
import java.util.Optional;
import java.util.Set;

/** Keeps which packages there are; their bytes lie beside the store. */
public interface PackageTable {
  void insert(Transaction transaction, PackageVersion version);

  /** Replaces the signature of a package that is there. */
  void sign(Transaction transaction, PackageVersion version);

  Optional<PackageVersion> find(Transaction transaction, String name, String version);

  /** Sorted by name, then version as text. */
  Page<PackageVersion> page(Transaction transaction, Optional<String> name, PageRequest request);

  void delete(Transaction transaction, String name, String version);

  /** The archives that packages name, by their checksums. */
  Set<String> archives(Transaction transaction);

  boolean isUsed(Transaction transaction, String sha256);
}
