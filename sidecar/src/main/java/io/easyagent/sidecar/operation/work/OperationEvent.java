package io.easyagent.sidecar.operation.work;

/** What happens to an operation. */
sealed interface OperationEvent {

  /** Everything before it in its lane has ended. */
  record TurnCame() implements OperationEvent {}

  record DeadlinePassed() implements OperationEvent {}

  record CancelAsked() implements OperationEvent {}

  record WorkEnded(Verdict verdict) implements OperationEvent {}
}
