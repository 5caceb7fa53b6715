package io.easyagent.server.fleet;

import io.easyagent.server.store.Transaction;
import java.util.Set;

/** Labels that decide over what callers may do, so that not everybody may change them. */
@FunctionalInterface
public interface ReservedLabels {
  ReservedLabels NONE = _ -> Set.of();

  Set<String> names(Transaction transaction);
}
