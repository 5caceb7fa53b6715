package io.easyagent.api.client;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/** The one place of the client where real time passes. */
public final class SystemTime {
  private SystemTime() {}

  /** Really waits. */
  public static Pause pause() {
    return duration -> {
      long nanos = Math.max(2, duration.toNanos());
      Thread.sleep(Duration.ofNanos(ThreadLocalRandom.current().nextLong(nanos / 2, nanos)));
    };
  }
}
