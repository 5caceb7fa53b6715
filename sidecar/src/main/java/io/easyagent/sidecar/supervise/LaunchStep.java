package io.easyagent.sidecar.supervise;

/** The points of a launch at which the sidecar may die; tests kill it there. */
public enum LaunchStep {
  KEEPER_STARTED,
  RECORDED,
  RELEASED,
  CHILD_KNOWN
}
