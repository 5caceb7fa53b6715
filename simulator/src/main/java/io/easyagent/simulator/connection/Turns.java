package io.easyagent.simulator.connection;

import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Lets only so many hosts shake hands at once. Real hosts each have processors of their own; here
 * all share a few, and if thousands shook hands at once, each handshake would take longer than the
 * server waits for it, and none would ever succeed. Thread-safe.
 */
public final class Turns {
  private static final int FOR_EVERYBODY = 1 << 24;

  private final Semaphore free;
  private final ScheduledExecutorService timer;
  private final Duration longest;

  /**
   * @param longest a turn ends then, whatever became of its connection
   */
  public Turns(int most, ScheduledExecutorService timer, Duration longest) {
    this.free = new Semaphore(most, true);
    this.timer = timer;
    this.longest = longest;
  }

  /** Waits for a turn. */
  Turn take() {
    free.acquireUninterruptibly();
    return new Turn();
  }

  /** From now on nobody waits. */
  public void end() {
    free.release(FOR_EVERYBODY);
  }

  /** One connection's time to shake hands. */
  final class Turn {
    private final AtomicBoolean over = new AtomicBoolean();
    private final Future<?> latest =
        timer.schedule(this::release, longest.toMillis(), TimeUnit.MILLISECONDS);

    /** The next host's turn; further calls do nothing. */
    void finish() {
      latest.cancel(false);
      release();
    }

    private void release() {
      if (over.compareAndSet(false, true)) {
        free.release();
      }
    }
  }
}
