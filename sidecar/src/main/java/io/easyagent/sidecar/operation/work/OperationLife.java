package io.easyagent.sidecar.operation.work;

import io.easyagent.sidecar.operation.Outcome;
import io.easyagent.sidecar.operation.work.OperationEvent.CancelAsked;
import io.easyagent.sidecar.operation.work.OperationEvent.DeadlinePassed;
import io.easyagent.sidecar.operation.work.OperationEvent.TurnCame;
import io.easyagent.sidecar.operation.work.OperationEvent.WorkEnded;
import io.easyagent.sidecar.operation.work.OperationState.Ended;
import io.easyagent.sidecar.operation.work.OperationState.Running;
import io.easyagent.sidecar.operation.work.OperationState.Stopping;
import io.easyagent.sidecar.operation.work.OperationState.Waiting;

/** An operation's life as a pure table. Nothing leaves {@link Ended}. */
final class OperationLife {

  private OperationLife() {}

  /** What is to be done on the way to the next state. */
  enum Action {
    NOTHING,
    /** Run the steps: from the first, or, when it was running before, from the journalled one. */
    WORK,
    /** Ask the running work to stop. */
    ASK_TO_STOP,
    /** Journal and report the end. */
    END
  }

  record Transition(OperationState next, Action action) {}

  static Transition next(OperationState state, OperationEvent event) {
    return switch (state) {
      case Waiting waiting ->
          switch (event) {
            case TurnCame() -> new Transition(new Running(), Action.WORK);
            case DeadlinePassed() -> end(Outcome.EXPIRED);
            case CancelAsked() -> end(Outcome.CANCELLED);
            case WorkEnded ended -> nothing(waiting);
          };
      case Running running ->
          switch (event) {
            case TurnCame() -> new Transition(running, Action.WORK);
            case DeadlinePassed() ->
                new Transition(new Stopping(StopCause.DEADLINE), Action.ASK_TO_STOP);
            case CancelAsked() ->
                new Transition(new Stopping(StopCause.CANCEL), Action.ASK_TO_STOP);
            case WorkEnded(Verdict verdict) ->
                end(
                    switch (verdict) {
                      case SUCCEEDED -> Outcome.SUCCEEDED;
                      case FAILED -> Outcome.FAILED;
                      case INTERRUPTED -> Outcome.INTERRUPTED;
                      // By a cancel that an earlier life of the sidecar was told.
                      case STOPPED -> Outcome.CANCELLED;
                    });
          };
      case Stopping stopping ->
          switch (event) {
            case TurnCame() -> new Transition(stopping, Action.WORK);
            case DeadlinePassed(), CancelAsked() -> nothing(stopping);
            case WorkEnded(Verdict verdict) ->
                end(
                    switch (verdict) {
                      case SUCCEEDED -> Outcome.SUCCEEDED;
                      case FAILED -> Outcome.FAILED;
                      case INTERRUPTED -> Outcome.INTERRUPTED;
                      case STOPPED ->
                          switch (stopping.cause()) {
                            case CANCEL -> Outcome.CANCELLED;
                            case DEADLINE -> Outcome.FAILED;
                          };
                    });
          };
      case Ended ended -> nothing(ended);
    };
  }

  private static Transition end(Outcome outcome) {
    return new Transition(new Ended(outcome), Action.END);
  }

  private static Transition nothing(OperationState state) {
    return new Transition(state, Action.NOTHING);
  }
}
