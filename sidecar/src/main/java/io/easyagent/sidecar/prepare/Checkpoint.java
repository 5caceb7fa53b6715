package io.easyagent.sidecar.prepare;

/** Passed at safe points of long work. */
@FunctionalInterface
public interface Checkpoint {

  /**
   * @throws StoppedException when the work is to stop here
   */
  void pass() throws StoppedException;
}
