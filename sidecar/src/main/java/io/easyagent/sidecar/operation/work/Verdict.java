package io.easyagent.sidecar.operation.work;

/** What the work says of its own end. */
enum Verdict {
  SUCCEEDED,
  FAILED,
  /** May have run, its end is not known. */
  INTERRUPTED,
  /** It was asked to stop and did not come to its end. */
  STOPPED
}
