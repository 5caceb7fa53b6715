package io.easyagent.api.client;

import io.easyagent.api.Batch;
import io.easyagent.api.Operation;

/** What is seen when a batch is watched. */
public sealed interface BatchUpdate {
  /** The batch as it is now. */
  record Progress(Batch batch) implements BatchUpdate {}

  /** An operation of it has ended. */
  record Finished(Operation operation) implements BatchUpdate {}
}
