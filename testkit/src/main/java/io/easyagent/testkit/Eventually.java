package io.easyagent.testkit;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;

/** The one place where tests with real parts wait: for a condition, with a deadline. */
public final class Eventually {
  private static final Duration PAUSE = Duration.ofMillis(2);

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
      if (System.nanoTime() - start > deadline.toNanos()) {
        throw new AssertionError("not within " + deadline + ": " + description);
      }
      LockSupport.parkNanos(PAUSE.toNanos());
      if (Thread.currentThread().isInterrupted()) {
        throw new AssertionError("interrupted while waiting: " + description);
      }
    }
  }

  private static <T> Optional<T> call(String description, Callable<Optional<T>> value) {
    try {
      return value.call();
    } catch (Exception failure) {
      throw new AssertionError("while waiting: " + description, failure);
    }
  }
}
