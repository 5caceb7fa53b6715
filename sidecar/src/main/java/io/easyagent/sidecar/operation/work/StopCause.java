package io.easyagent.sidecar.operation.work;

/** Why running work is asked to stop. */
enum StopCause {
  CANCEL,
  DEADLINE
}
