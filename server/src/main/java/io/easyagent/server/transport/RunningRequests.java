package io.easyagent.server.transport;

import io.easyagent.server.problem.ErrorCode;
import io.easyagent.server.problem.RefusedException;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** The requests that are not answered yet: a server that stops lets them end. Thread-safe. */
final class RunningRequests {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private int number;
  private boolean refusing;

  /** Held until a request is answered. */
  @FunctionalInterface
  interface Mark {
    /** To be called once. */
    void close();
  }

  /**
   * A request begins.
   *
   * @throws RefusedException UNAVAILABLE once {@link #refuse} was called
   */
  Mark enter() {
    lock.lock();
    try {
      if (refusing) {
        throw new RefusedException(
            ErrorCode.UNAVAILABLE, "the server is stopping (expected: try again in a moment)");
      }
      number++;
      return this::leave;
    } finally {
      lock.unlock();
    }
  }

  private void leave() {
    lock.lock();
    try {
      number--;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  void refuse() {
    lock.lock();
    try {
      refusing = true;
    } finally {
      lock.unlock();
    }
  }

  /** Waits until none runs, at most that long. How many still do. */
  int awaitNone(Duration patience) {
    lock.lock();
    try {
      long left = patience.toNanos();
      while (number > 0 && left > 0) {
        left = changed.awaitNanos(left);
      }
      return number;
    } catch (InterruptedException hurry) {
      Thread.currentThread().interrupt();
      return number;
    } finally {
      lock.unlock();
    }
  }
}
