package io.easyagent.acceptance.chaos;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** Time since the campaign began, and the one place where a campaign lets it pass. */
final class Time {
  private final long begun = System.nanoTime();

  Duration now() {
    return Duration.ofNanos(System.nanoTime() - begun);
  }

  void pass(Duration duration) {
    long end = System.nanoTime() + duration.toNanos();
    for (long left = end - System.nanoTime(); left > 0; left = end - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
  }
}
