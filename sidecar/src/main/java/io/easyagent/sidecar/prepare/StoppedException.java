package io.easyagent.sidecar.prepare;

/**
 * The work was asked to stop and has stopped at a safe point: what it left is resumed or redone.
 */
public final class StoppedException extends Exception {
  private static final long serialVersionUID = 1L;

  public StoppedException() {
    super("stopped");
  }
}
