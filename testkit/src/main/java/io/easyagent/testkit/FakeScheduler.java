package io.easyagent.testkit;

import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/** The scheduler's view of a {@link FakeClock}: it only collects, the clock runs. */
final class FakeScheduler extends AbstractExecutorService implements ScheduledExecutorService {
  private final Timeline timeline;

  FakeScheduler(Timeline timeline) {
    this.timeline = timeline;
  }

  @Override
  public ScheduledFuture<?> schedule(Runnable work, long delay, TimeUnit unit) {
    return add(Executors.callable(work), unit.toNanos(delay), new FakeTask.Period.Once());
  }

  @Override
  public <V> ScheduledFuture<V> schedule(Callable<V> work, long delay, TimeUnit unit) {
    return add(work, unit.toNanos(delay), new FakeTask.Period.Once());
  }

  @Override
  public ScheduledFuture<?> scheduleAtFixedRate(
      Runnable work, long initialDelay, long period, TimeUnit unit) {
    return add(
        Executors.callable(work),
        unit.toNanos(initialDelay),
        new FakeTask.Period.Rate(requirePositive(unit.toNanos(period))));
  }

  @Override
  public ScheduledFuture<?> scheduleWithFixedDelay(
      Runnable work, long initialDelay, long delay, TimeUnit unit) {
    return add(
        Executors.callable(work),
        unit.toNanos(initialDelay),
        new FakeTask.Period.Delay(requirePositive(unit.toNanos(delay))));
  }

  @Override
  public void execute(Runnable work) {
    add(Executors.callable(work), 0, new FakeTask.Period.Once());
  }

  private <V> FakeTask<V> add(Callable<V> work, long delay, FakeTask.Period period) {
    FakeTask<V> task = new FakeTask<>(timeline, work, delay, period);
    timeline.add(task);
    return task;
  }

  private static long requirePositive(long nanos) {
    if (nanos <= 0) {
      throw new IllegalArgumentException("period: " + nanos + " ns (expected: more than 0)");
    }
    return nanos;
  }

  @Override
  public void shutdown() {
    timeline.shutdown();
  }

  @Override
  public List<Runnable> shutdownNow() {
    return timeline.shutdownNow();
  }

  @Override
  public boolean isShutdown() {
    return timeline.isShutdown();
  }

  @Override
  public boolean isTerminated() {
    return timeline.isTerminated();
  }

  /** Does not wait: nothing would run meanwhile. */
  @Override
  public boolean awaitTermination(long timeout, TimeUnit unit) {
    return isTerminated();
  }
}
