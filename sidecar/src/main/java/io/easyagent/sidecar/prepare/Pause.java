package io.easyagent.sidecar.prepare;

import java.time.Duration;

/** Waits between two tries. */
@FunctionalInterface
public interface Pause {

  /**
   * @throws StoppedException when the work is to stop; at once, not after the pause
   */
  void pause(Duration duration) throws StoppedException, InterruptedException;
}
