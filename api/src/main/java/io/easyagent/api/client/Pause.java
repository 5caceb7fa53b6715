package io.easyagent.api.client;

import java.time.Duration;

/** How the client waits between tries; a test waits without waiting. */
@FunctionalInterface
public interface Pause {
  /** Returns after a random part of the duration, at least half of it. */
  void upTo(Duration duration) throws InterruptedException;
}
