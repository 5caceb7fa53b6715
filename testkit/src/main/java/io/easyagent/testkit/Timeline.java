package io.easyagent.testkit;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;

/** The time of a {@link FakeClock} and what is due in it. */
final class Timeline {
  private final PriorityQueue<FakeTask<?>> tasks = new PriorityQueue<>();
  private final ScheduledExecutorService scheduler = new FakeScheduler(this);
  private Instant origin;
  private long nanos;
  private long lastSequence;
  private boolean shutdown;

  Timeline(Instant origin) {
    this.origin = origin;
  }

  ScheduledExecutorService scheduler() {
    return scheduler;
  }

  synchronized Instant instant() {
    return origin.plusNanos(nanos);
  }

  synchronized long nanoTime() {
    return nanos;
  }

  synchronized void stepWallClock(Duration step) {
    origin = origin.plus(step);
  }

  synchronized int pendingTasks() {
    return tasks.size();
  }

  synchronized long nextSequence() {
    return ++lastSequence;
  }

  synchronized void add(FakeTask<?> task) {
    if (shutdown) {
      throw new RejectedExecutionException("the scheduler is shut down");
    }
    tasks.add(task);
  }

  /** A periodic task again; dropped once shut down. */
  synchronized void addAgain(FakeTask<?> task) {
    if (!shutdown) {
      tasks.add(task);
    }
  }

  synchronized void remove(FakeTask<?> task) {
    tasks.remove(task);
  }

  synchronized void shutdown() {
    shutdown = true;
    tasks.removeIf(FakeTask::isPeriodic);
  }

  synchronized List<Runnable> shutdownNow() {
    shutdown = true;
    List<Runnable> dropped = new ArrayList<>(tasks);
    tasks.clear();
    return dropped;
  }

  synchronized boolean isShutdown() {
    return shutdown;
  }

  synchronized boolean isTerminated() {
    return shutdown && tasks.isEmpty();
  }

  void advance(long duration) {
    long target = nanoTime() + duration;
    for (var due = takeDue(target); due.isPresent(); due = takeDue(target)) {
      due.get().run();
    }
  }

  /** The next task due by the target, with the time moved to it; else the time is the target. */
  private synchronized Optional<FakeTask<?>> takeDue(long target) {
    FakeTask<?> next = tasks.peek();
    if (next == null || next.due() > target) {
      nanos = target;
      return Optional.empty();
    }
    tasks.remove(next);
    nanos = Math.max(nanos, next.due());
    return Optional.of(next);
  }
}
