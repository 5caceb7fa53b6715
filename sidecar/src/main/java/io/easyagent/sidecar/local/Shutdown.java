package io.easyagent.sidecar.local;

import java.util.function.Consumer;

/** What the sidecar does when its host asks it to stop every agent. */
public interface Shutdown {
  /**
   * Stops the agents one after another and returns when that is over. What is desired of them stays
   * as it is, so that the sidecar's next start brings them up again.
   *
   * @param progress hears one line per step
   * @return whether nothing of any agent is left
   */
  boolean run(Consumer<String> progress);
}
