package io.easyagent.server.transport;

import io.easyagent.server.problem.ErrorCode;
import io.easyagent.server.problem.RefusedException;
import java.util.HashSet;
import java.util.Set;

/**
 * The streams that are open, so that there are not too many and all end with the server.
 * Thread-safe.
 */
public final class Watchers implements AutoCloseable {
  private final int most;
  private final Set<Signal> open = new HashSet<>();
  private boolean closed;

  /**
   * @param most that are open at a time
   */
  public Watchers(int most) {
    this.most = most;
  }

  /**
   * @throws RefusedException TOO_MANY_REQUESTS, or UNAVAILABLE when the server is stopping
   */
  public synchronized Signal open() {
    if (closed) {
      throw new RefusedException(ErrorCode.UNAVAILABLE, "the server is stopping");
    }
    if (open.size() >= most) {
      throw new RefusedException(
          ErrorCode.TOO_MANY_REQUESTS,
          "%d watches are open (expected: fewer than %d, maxWatches of the server's server.yaml; end some, or ask now and then)"
              .formatted(open.size(), most));
    }
    Signal signal = new Signal();
    open.add(signal);
    return signal;
  }

  public synchronized void remove(Signal signal) {
    open.remove(signal);
  }

  @Override
  public synchronized void close() {
    closed = true;
    open.forEach(Signal::close);
  }
}
