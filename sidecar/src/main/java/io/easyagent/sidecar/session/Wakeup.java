package io.easyagent.sidecar.session;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Something to wait on that remembers a signal until it was waited for. Thread-safe. */
public final class Wakeup {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition condition = lock.newCondition();
  private boolean signalled;

  public void signal() {
    lock.lock();
    try {
      signalled = true;
      condition.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Waits for a signal, at most so long; true when there was one, which is then forgotten. */
  boolean await(Duration most) throws InterruptedException {
    lock.lock();
    try {
      long left = TimeUnit.MILLISECONDS.toNanos(most.toMillis());
      while (!signalled && left > 0) {
        left = condition.awaitNanos(left);
      }
      boolean was = signalled;
      signalled = false;
      return was;
    } finally {
      lock.unlock();
    }
  }
}
