package io.easyagent.sidecar.operation.work;

import io.easyagent.sidecar.operation.Outcome;

/** Where an operation is in its life on this host. */
sealed interface OperationState {

  /** Taken, not begun. */
  record Waiting() implements OperationState {}

  /** Begun, in this life of the sidecar or an earlier one. */
  record Running() implements OperationState {}

  /** Running, and asked to stop. */
  record Stopping(StopCause cause) implements OperationState {}

  record Ended(Outcome outcome) implements OperationState {}
}
