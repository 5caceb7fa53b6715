package io.easyagent.acceptance.walk;

/** Which process has the boundaries. */
enum Side {
  SERVER,
  SIDECAR
}
