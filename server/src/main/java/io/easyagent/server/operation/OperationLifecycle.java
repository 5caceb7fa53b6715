package io.easyagent.server.operation;

import io.easyagent.server.operation.Transition.Ignored;
import io.easyagent.server.operation.Transition.To;

/**
 * The life of an operation as a pure function: {@code QUEUED → SENT → RUNNING → SUCCEEDED | FAILED
 * | CANCELLED | EXPIRED | INTERRUPTED}.
 *
 * <ul>
 *   <li>Nothing leaves a finished state.
 *   <li>Only QUEUED ends on the server's own account; from SENT on only the host's word counts, or
 *       that the host is gone.
 *   <li>After a restore of the store nothing that was unfinished in it is sent, not even what was
 *       QUEUED: it may have been sent and have run since the backup.
 *   <li>What may have run is never queued again. SENT is sent again only on the host's word that it
 *       never took it.
 * </ul>
 */
public final class OperationLifecycle {
  private static final Ignored FINISHED = new Ignored("it has ended already");
  private static final Ignored NEVER_SENT = new Ignored("it was never sent");
  private static final Ignored WITH_THE_HOST = new Ignored("only the host's word counts now");
  private static final Ignored SENT_ALREADY = new Ignored("it was sent already");

  private OperationLifecycle() {}

  /** What becomes of an operation in the state when the event happens. */
  public static Transition next(OperationState state, OperationEvent event) {
    return switch (state) {
      case QUEUED -> queued(event);
      case SENT -> sent(event);
      case RUNNING -> running(event);
      case SUCCEEDED, FAILED, CANCELLED, EXPIRED, INTERRUPTED -> FINISHED;
    };
  }

  private static Transition queued(OperationEvent event) {
    return switch (event) {
      case DISPATCHED -> new To(OperationState.SENT);
      case NOT_SENDABLE -> new To(OperationState.FAILED);
      case CANCEL_REQUESTED, HOST_GONE -> new To(OperationState.CANCELLED);
      case DEADLINE_PASSED -> new To(OperationState.EXPIRED);
      case STORE_RESTORED -> new To(OperationState.INTERRUPTED);
      case HOST_STARTED,
          HOST_SUCCEEDED,
          HOST_FAILED,
          HOST_CANCELLED,
          HOST_EXPIRED,
          HOST_INTERRUPTED,
          HOST_LACKS_IT,
          HOST_LACKS_IT_TOO_LATE,
          HOST_HAS_ANOTHER ->
          NEVER_SENT;
    };
  }

  private static Transition sent(OperationEvent event) {
    return switch (event) {
      case DISPATCHED, NOT_SENDABLE -> SENT_ALREADY;
      case CANCEL_REQUESTED, DEADLINE_PASSED -> WITH_THE_HOST;
      case HOST_STARTED -> new To(OperationState.RUNNING);
      case HOST_LACKS_IT -> new Transition.SendAgain();
      case HOST_LACKS_IT_TOO_LATE -> new To(OperationState.EXPIRED);
      case HOST_SUCCEEDED,
          HOST_FAILED,
          HOST_CANCELLED,
          HOST_EXPIRED,
          HOST_INTERRUPTED,
          HOST_HAS_ANOTHER,
          HOST_GONE,
          STORE_RESTORED ->
          ended(event);
    };
  }

  private static Transition running(OperationEvent event) {
    return switch (event) {
      case DISPATCHED, NOT_SENDABLE -> SENT_ALREADY;
      case CANCEL_REQUESTED, DEADLINE_PASSED -> WITH_THE_HOST;
      case HOST_STARTED -> new Ignored("it runs already");
      case HOST_LACKS_IT, HOST_LACKS_IT_TOO_LATE -> new To(OperationState.INTERRUPTED);
      case HOST_SUCCEEDED,
          HOST_FAILED,
          HOST_CANCELLED,
          HOST_EXPIRED,
          HOST_INTERRUPTED,
          HOST_HAS_ANOTHER,
          HOST_GONE,
          STORE_RESTORED ->
          ended(event);
    };
  }

  /** How a sent operation ends. */
  private static Transition ended(OperationEvent event) {
    return switch (event) {
      case HOST_SUCCEEDED -> new To(OperationState.SUCCEEDED);
      case HOST_FAILED -> new To(OperationState.FAILED);
      case HOST_CANCELLED -> new To(OperationState.CANCELLED);
      case HOST_EXPIRED -> new To(OperationState.EXPIRED);
      case HOST_INTERRUPTED, HOST_HAS_ANOTHER, HOST_GONE, STORE_RESTORED ->
          new To(OperationState.INTERRUPTED);
      case DISPATCHED,
          NOT_SENDABLE,
          CANCEL_REQUESTED,
          DEADLINE_PASSED,
          HOST_STARTED,
          HOST_LACKS_IT,
          HOST_LACKS_IT_TOO_LATE ->
          throw new IllegalArgumentException("event: " + event + " (expected: an end)");
    };
  }
}
