package io.easyagent.cli.progress;

import io.easyagent.api.Operation;
import io.easyagent.api.Operation.State;
import io.easyagent.cli.session.Session;

/** Is told of each operation of a batch as it ends, once. */
@FunctionalInterface
public interface EndedOperations {
  void ended(Operation operation);

  /** Every operation is wanted, not only those that did not succeed. */
  default boolean wantsAll() {
    return false;
  }

  /** Writes what did not succeed, with its cause. */
  static EndedOperations failuresOnly(Session session) {
    return operation -> {
      if (operation.state() != State.succeeded) {
        session.console().note(BatchText.failure(operation));
      }
    };
  }
}
