package io.easyagent.simulator.connection;

import io.easyagent.sidecar.session.Channels;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ScheduledExecutorService;

/**
 * The connections of one host: the sidecar's own, on threads and timers that all hosts share.
 * Thread-safe.
 */
public final class HostConnections {
  private final HostSockets sockets = new HostSockets();
  private final EventDelivery events = new EventDelivery();
  private final Channels channels;

  /**
   * @param threads a new virtual thread for each task
   * @param turns of all hosts; a connection waits for its turn before the deadline of its first
   *     call begins
   */
  public HostConnections(ExecutorService threads, ScheduledExecutorService timer, Turns turns) {
    channels =
        new Channels(builder -> {
          sockets.next(turns.take());
          return builder
              .executor(threads)
              .offloadExecutor(threads)
              .transportExecutor(threads)
              .scheduledExecutorService(timer)
              .socketFactory(sockets)
              .intercept(events);
        });
  }

  public Channels channels() {
    return channels;
  }

  public void behave(Manner manner) {
    sockets.behave(manner);
  }

  public Manner manner() {
    return sockets.manner();
  }

  public void deliver(Delivery delivery) {
    events.deliver(delivery);
  }

  /** Every connection is reset; the host comes back as its back-off says. */
  public void breakAll() {
    sockets.breakAll();
  }
}
