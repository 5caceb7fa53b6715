package io.easyagent.testkit;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;

/** The one place where tests with real parts wait: for a condition, with a deadline. */
public final class Eventually {
  private static final Duration SHORTEST_PAUSE = Duration.ofMillis(2);
  private static final Duration LONGEST_PAUSE = Duration.ofMillis(25);

  private Eventually() {}

  /**
   * Returns once the condition holds.
   *
   * @param description of what is waited for, for the failure's message
   * @throws AssertionError when the deadline passes first, or the thread is interrupted
   */
  public static void await(Duration deadline, String description, Callable<Boolean> condition) {
    awaitValue(
        deadline,
        description,
        () -> condition.call() ? Optional.of(Boolean.TRUE) : Optional.empty());
  }

  /** Returns the value once there is one; fails as {@link #await} does. */
  public static <T> T awaitValue(
      Duration deadline, String description, Callable<Optional<T>> value) {
    long start = System.nanoTime();
    while (true) {
      Optional<T> found = call(description, value);
      if (found.isPresent()) {
        return found.get();
      }
      long waited = System.nanoTime() - start;
      if (waited > deadline.toNanos()) {
        throw new AssertionError("not within " + deadline + ": " + description);
      }
      LockSupport.parkNanos(pause(waited));
      if (Thread.currentThread().isInterrupted()) {
        throw new AssertionError("interrupted while waiting: " + description);
      }
    }
  }

  /** Grows with the wait: asking must not take from others what they are waited for to do. */
  private static long pause(long waited) {
    return Math.clamp(waited / 16, SHORTEST_PAUSE.toNanos(), LONGEST_PAUSE.toNanos());
  }

  private static <T> Optional<T> call(String description, Callable<Optional<T>> value) {
    try {
      return value.call();
    } catch (Exception failure) {
      throw new AssertionError("while waiting: " + description, failure);
    }
  }
}
