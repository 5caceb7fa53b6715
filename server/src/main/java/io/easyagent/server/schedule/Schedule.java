package io.easyagent.server.schedule;

import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Work that comes again and again, one piece at a time. What fails is logged, and its next turn
 * comes all the same: a scheduler alone would forget it.
 */
public final class Schedule {
  private static final Logger log = LoggerFactory.getLogger(Schedule.class);

  private final ScheduledExecutorService executor;

  /**
   * @param executor does the work; whoever made it ends it
   */
  public Schedule(ScheduledExecutorService executor) {
    this.executor = executor;
  }

  /**
   * Does the work when the period is over, and a period after each end of it.
   *
   * @param failure what is wrong when it fails, for the log
   */
  public void every(Duration period, String failure, Runnable work) {
    every(period, period, failure, work);
  }

  /**
   * As {@link #every(Duration, String, Runnable)}.
   *
   * @param first when to begin
   */
  public void every(Duration first, Duration period, String failure, Runnable work) {
    executor.scheduleWithFixedDelay(
        () -> {
          try {
            work.run();
          } catch (RuntimeException cause) {
            log.error(failure, cause);
          }
        },
        first.toMillis(),
        period.toMillis(),
        TimeUnit.MILLISECONDS);
  }
}
