package io.easyagent.sidecar.operation;

/** How an operation ended on this host. */
public enum Outcome {
  SUCCEEDED,
  FAILED,
  CANCELLED,
  /** The time left had run out before it began. */
  EXPIRED,
  /** May have run, its end is not known; never run again. */
  INTERRUPTED
}
