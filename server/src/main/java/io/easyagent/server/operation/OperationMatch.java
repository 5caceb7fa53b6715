package io.easyagent.server.operation;

import java.util.List;

/** What an operation id or id prefix stands for. */
public sealed interface OperationMatch {
  record Found(Operation operation) implements OperationMatch {}

  /**
   * @param candidates at most ten of them
   */
  record Ambiguous(List<OperationId> candidates) implements OperationMatch {}

  record Missing() implements OperationMatch {}
}
