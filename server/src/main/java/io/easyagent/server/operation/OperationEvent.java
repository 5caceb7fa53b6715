package io.easyagent.server.operation;

/** What can happen to an operation, as its life-cycle sees it. */
public enum OperationEvent {
  /** The server is about to give its bytes to the host's session. */
  DISPATCHED,
  /** The server cannot form the command, or the host's sidecar cannot understand it. */
  NOT_SENDABLE,
  /** An operator asked for its end. */
  CANCEL_REQUESTED,
  /** Its time is over, by the server's clock. */
  DEADLINE_PASSED,
  /** The host journalled it and works on it. */
  HOST_STARTED,
  HOST_SUCCEEDED,
  HOST_FAILED,
  HOST_CANCELLED,
  HOST_EXPIRED,
  HOST_INTERRUPTED,
  /** The host's inventory lacks it, and there is time left. */
  HOST_LACKS_IT,
  /** The host's inventory lacks it, and its time is over. */
  HOST_LACKS_IT_TOO_LATE,
  /** The host's inventory has the id with another command. */
  HOST_HAS_ANOTHER,
  /** The host was removed, has been gone for the stated time, or went on as an older copy. */
  HOST_GONE,
  /** The store was restored from a backup: what happened since is not known here. */
  STORE_RESTORED
}
