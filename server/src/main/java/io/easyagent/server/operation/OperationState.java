package io.easyagent.server.operation;

/** Where an operation is in its life. */
public enum OperationState {
  /** Accepted and stored; nothing of it has left the server. */
  QUEUED,
  /** Its bytes may have left; from here on only the host's word counts. */
  SENT,
  /** The host has journalled it and works on it. */
  RUNNING,
  SUCCEEDED,
  FAILED,
  CANCELLED,
  /** Its deadline passed before the host began. */
  EXPIRED,
  /** May have run, its end is not known; never sent again. */
  INTERRUPTED;

  /** Nothing leaves a finished state. */
  public boolean finished() {
    return switch (this) {
      case QUEUED, SENT, RUNNING -> false;
      case SUCCEEDED, FAILED, CANCELLED, EXPIRED, INTERRUPTED -> true;
    };
  }
}
