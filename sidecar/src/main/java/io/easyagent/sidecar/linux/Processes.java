package io.easyagent.sidecar.linux;

import java.io.IOException;

/** Signals to groups, and who we are. */
public final class Processes {
  private Processes() {}

  /** To the whole process group; nothing when there is none. */
  public static void signalGroup(int group, int signal) throws IOException {
    if (group <= 1) {
      throw new IllegalArgumentException("group: " + group + " (expected: more than 1)");
    }
    try {
      SystemCalls.kill(-group, signal);
    } catch (SystemCallException failure) {
      if (!failure.noSuchProcess()) {
        throw failure;
      }
    }
  }

  /** The effective user of this process. */
  public static int effectiveUser() {
    return SystemCalls.effectiveUser();
  }
}
