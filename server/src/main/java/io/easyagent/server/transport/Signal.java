package io.easyagent.server.transport;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Tells one waiting watcher that there is something to look at; telling it twice is telling once.
 */
public final class Signal {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Condition closing = lock.newCondition();
  private boolean raised;
  private boolean closed;

  /** Never blocks for long. */
  public void raise() {
    lock.lock();
    try {
      raised = true;
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  /** Ends every wait, now and later. */
  void close() {
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
      closing.signalAll();
    } finally {
      lock.unlock();
    }
  }

  public boolean closed() {
    lock.lock();
    try {
      return closed;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits for the signal and lowers it.
   *
   * @param least waited in any case, so that signals in quick succession are one
   * @param most waited for a signal that does not come
   */
  public void await(Duration least, Duration most) throws InterruptedException {
    lock.lock();
    try {
      long rest = least.toNanos();
      while (!closed && rest > 0) {
        rest = closing.awaitNanos(rest);
      }
      rest = TimeUnit.NANOSECONDS.toNanos(most.minus(least).toNanos());
      while (!closed && !raised && rest > 0) {
        rest = changed.awaitNanos(rest);
      }
      raised = false;
    } finally {
      lock.unlock();
    }
  }
}
