package io.easyagent.sidecar.operation.work;

import io.easyagent.sidecar.operation.TakenCommand;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * The clocks that operations live by.
 *
 * @param wall for people, and for the time left across lives of the sidecar
 * @param nanos monotonic
 * @param scheduler runs what is due; nothing that blocks
 */
public record OperationTime(
    InstantSource wall, LongSupplier nanos, ScheduledExecutorService scheduler) {

  Instant now() {
    return wall.instant();
  }

  Deadline deadlineIn(Duration timeLeft) {
    return new Deadline(nanos.getAsLong() + timeLeft.toNanos());
  }

  Duration until(Deadline deadline) {
    return Duration.ofNanos(deadline.nanos() - nanos.getAsLong());
  }

  /** What is left after a restart: by the wall clock, and never more than there was at first. */
  Duration leftOf(TakenCommand command) {
    Duration passed = Duration.between(command.takenAt(), now());
    return passed.isNegative() ? command.timeLeft() : command.timeLeft().minus(passed);
  }

  CompletableFuture<Boolean> after(Duration duration) {
    CompletableFuture<Boolean> passed = new CompletableFuture<>();
    scheduler.schedule(
        () -> passed.complete(true), Math.max(0, duration.toNanos()), TimeUnit.NANOSECONDS);
    return passed;
  }

  /** A point of the monotonic clock. */
  record Deadline(long nanos) {}
}
