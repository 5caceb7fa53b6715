package io.easyagent.sidecar.supervise;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Something that is done again and again while it is wanted. Used by one thread at a time. */
final class Repeated {
  private final ScheduledExecutorService scheduler;
  private final Duration interval;
  private final Runnable work;
  private Optional<Future<?>> current = Optional.empty();

  /**
   * @param work runs on the scheduler's thread and must not block
   */
  Repeated(ScheduledExecutorService scheduler, Duration interval, Runnable work) {
    this.scheduler = scheduler;
    this.interval = interval;
    this.work = work;
  }

  void follow(boolean wanted) {
    if (wanted && current.isEmpty()) {
      current =
          Optional.of(
              scheduler.scheduleWithFixedDelay(
                  work, interval.toNanos(), interval.toNanos(), TimeUnit.NANOSECONDS));
    } else if (!wanted) {
      current.ifPresent(future -> future.cancel(false));
      current = Optional.empty();
    }
  }
}
