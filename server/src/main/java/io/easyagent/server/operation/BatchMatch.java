package io.easyagent.server.operation;

import java.util.List;

/** What a batch id or id prefix stands for. */
public sealed interface BatchMatch {
  record Found(Batch batch) implements BatchMatch {}

  /**
   * @param candidates at most ten of them
   */
  record Ambiguous(List<BatchId> candidates) implements BatchMatch {}

  record Missing() implements BatchMatch {}
}
