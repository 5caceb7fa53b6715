package io.easyagent.sidecar.operation;

/** Why running work is asked to stop. */
enum StopCause {
  CANCEL,
  DEADLINE
}
