package io.easyagent.api.client;

import io.easyagent.api.Operation;
import java.util.Optional;

/** Which operations to list; an empty query lists all. */
public record OperationQuery(
    Optional<Operation.State> state, Optional<String> host, Optional<String> agent) {
  public static OperationQuery all() {
    return new OperationQuery(Optional.empty(), Optional.empty(), Optional.empty());
  }
}
