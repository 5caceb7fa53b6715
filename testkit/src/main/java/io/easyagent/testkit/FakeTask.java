package io.easyagent.testkit;

import java.util.concurrent.Callable;
import java.util.concurrent.Delayed;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RunnableScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A task of a {@link FakeScheduler}; tasks due at the same time keep the order of their arrival.
 */
final class FakeTask<V extends @Nullable Object> extends FutureTask<V>
    implements RunnableScheduledFuture<V> {
  private final Timeline timeline;
  private final Period period;
  private final long sequence;
  private volatile long due;

  /** When a task runs again. */
  sealed interface Period {
    record Once() implements Period {}

    /** Counted from the last due time. */
    record Rate(long nanos) implements Period {}

    /** Counted from the last end. */
    record Delay(long nanos) implements Period {}
  }

  FakeTask(Timeline timeline, Callable<V> work, long delay, Period period) {
    super(work);
    this.timeline = timeline;
    this.period = period;
    this.sequence = timeline.nextSequence();
    this.due = timeline.nanoTime() + Math.max(0, delay);
  }

  long due() {
    return due;
  }

  @Override
  public boolean isPeriodic() {
    return !(period instanceof Period.Once);
  }

  @Override
  public void run() {
    switch (period) {
      case Period.Once() -> super.run();
      case Period.Rate(long nanos) -> runAgain(due + nanos);
      case Period.Delay(long nanos) -> {
        if (runAndReset()) {
          addAgain(timeline.nanoTime() + nanos);
        }
      }
    }
  }

  private void runAgain(long next) {
    if (runAndReset()) {
      addAgain(next);
    }
  }

  private void addAgain(long next) {
    due = next;
    timeline.addAgain(this);
  }

  @Override
  public boolean cancel(boolean interrupt) {
    timeline.remove(this);
    return super.cancel(interrupt);
  }

  @Override
  public long getDelay(TimeUnit unit) {
    return unit.convert(due - timeline.nanoTime(), TimeUnit.NANOSECONDS);
  }

  @Override
  public int compareTo(Delayed other) {
    if (other instanceof FakeTask<?> task) {
      int byDue = Long.compare(due, task.due);
      return byDue != 0 ? byDue : Long.compare(sequence, task.sequence);
    }
    return Long.compare(getDelay(TimeUnit.NANOSECONDS), other.getDelay(TimeUnit.NANOSECONDS));
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return this == other;
  }

  @Override
  public int hashCode() {
    return System.identityHashCode(this);
  }
}
