package io.easyagent.sidecar.supervise;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Runs what is posted one after another, in order, on a virtual thread; it may block. What throws
 * does not keep back what comes after it.
 */
final class Mailbox {
  private static final Logger LOG = Logger.getLogger(Mailbox.class.getName());

  private final String name;
  private final Queue<Runnable> posted = new ConcurrentLinkedQueue<>();
  private final AtomicInteger waiting = new AtomicInteger();

  Mailbox(String name) {
    this.name = name;
  }

  void post(Runnable work) {
    posted.add(work);
    if (waiting.getAndIncrement() == 0) {
      Thread.ofVirtual().name(name).start(this::drain);
    }
  }

  private void drain() {
    do {
      Runnable work = posted.remove();
      try {
        work.run();
      } catch (RuntimeException | Error failure) {
        LOG.log(Level.SEVERE, failure, () -> name + ": not handled");
      }
    } while (waiting.decrementAndGet() > 0);
  }
}
