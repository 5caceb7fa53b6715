package io.easyagent.sidecar.session;

import io.easyagent.sidecar.logstream.LogOrder;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.logging.Logger;

/**
 * The streams of output that the server has asked one session for: each has a thread and a
 * connection of its own, and none outlives the session. Thread-safe.
 */
final class LogUploads {
  /** The server asks for 4 at a time; those whose reader has just gone take a moment to end. */
  static final int MOST = 6;

  private static final Logger log = Logger.getLogger(LogUploads.class.getName());

  private final Function<LogOrder, Runnable> uploads;
  private final Map<UUID, Thread> running = new HashMap<>();
  private boolean closed;

  /**
   * @param uploads makes what sends one stream until it ends or its thread is interrupted
   */
  LogUploads(Function<LogOrder, Runnable> uploads) {
    this.uploads = uploads;
  }

  synchronized void begin(LogOrder order) {
    if (closed || running.containsKey(order.stream()) || running.size() >= MOST) {
      log.warning(
          "refused to stream the output of agent "
              + order.agent()
              + ": "
              + running.size()
              + " streams (expected: fewer than "
              + MOST
              + ", each asked for once)");
      return;
    }
    Runnable upload = uploads.apply(order);
    running.put(
        order.stream(),
        Thread.ofVirtual()
            .name("log-stream")
            .start(() -> {
              try {
                upload.run();
              } finally {
                ended(order.stream());
              }
            }));
  }

  private synchronized void ended(UUID stream) {
    running.remove(stream);
  }

  /** Returns once none runs. */
  void close() throws InterruptedException {
    Map<UUID, Thread> left;
    synchronized (this) {
      closed = true;
      left = Map.copyOf(running);
    }
    left.values().forEach(Thread::interrupt);
    for (Thread each : left.values()) {
      each.join();
    }
  }
}
