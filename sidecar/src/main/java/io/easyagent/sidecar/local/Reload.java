package io.easyagent.sidecar.local;

import java.util.function.Consumer;

/** Has the host's own agents be as their definitions on the host say now. */
public interface Reload {
  /**
   * Returns when that is over; blocks as long as it takes.
   *
   * @param progress hears one line per agent that is changed, and per fault
   * @return whether every agent is as the folder says
   */
  boolean run(Consumer<String> progress);
}
