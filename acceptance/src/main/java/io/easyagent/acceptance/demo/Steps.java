package io.easyagent.acceptance.demo;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.LongSupplier;

/** Runs the steps one after another and prints each with its time and what was observed. */
final class Steps {
  private static final int INDENT = 54;

  private final PrintStream out;
  private final LongSupplier nanoseconds;
  private final Callable<?> afterEach;
  private final long startedAt;
  private int count;

  /**
   * @param nanoseconds monotonic
   */
  Steps(PrintStream out, LongSupplier nanoseconds, Callable<?> afterEach) {
    this.out = out;
    this.nanoseconds = nanoseconds;
    this.afterEach = afterEach;
    startedAt = nanoseconds.getAsLong();
  }

  /**
   * @param step does the step and answers with what was observed, one line each
   * @throws StepFailed when it does not succeed
   */
  void step(String name, Callable<String> step) {
    count++;
    long begin = nanoseconds.getAsLong();
    String observed;
    try {
      observed = step.call();
      afterEach.call();
    } catch (Exception | AssertionError failure) {
      throw new StepFailed(count, name, failure);
    }
    String indented = observed.strip().replace("\n", "\n" + " ".repeat(INDENT));
    out.printf(Locale.ROOT, "%2d  %-38s %7.2f s  %s%n", count, name, seconds(begin), indented);
  }

  int count() {
    return count;
  }

  Duration elapsed() {
    return Duration.ofNanos(nanoseconds.getAsLong() - startedAt);
  }

  private double seconds(long begin) {
    return (nanoseconds.getAsLong() - begin) / 1e9;
  }

  /** Says which step did not succeed and why. */
  static final class StepFailed extends RuntimeException {
    private static final long serialVersionUID = 1L;

    StepFailed(int number, String name, Throwable cause) {
      super("step " + number + " (" + name + "): " + cause.getMessage(), cause);
    }
  }
}
