package io.easyagent.server.transport;

import io.easyagent.server.problem.ErrorCode;
import io.easyagent.server.problem.RefusedException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The streams that are open, so that there are not too many and all end with the server. */
public final class Watchers implements AutoCloseable {
  private static final int MOST = 500;

  private final Set<Signal> open = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;

  /**
   * @throws RefusedException TOO_MANY_REQUESTS, or UNAVAILABLE when the server is stopping
   */
  public Signal open() {
    if (open.size() >= MOST) {
      throw new RefusedException(
          ErrorCode.TOO_MANY_REQUESTS, "watchers: " + MOST + " are open (expected: fewer)");
    }
    Signal signal = new Signal();
    open.add(signal);
    if (closed) {
      open.remove(signal);
      throw new RefusedException(ErrorCode.UNAVAILABLE, "the server is stopping");
    }
    return signal;
  }

  public void remove(Signal signal) {
    open.remove(signal);
  }

  @Override
  public void close() {
    closed = true;
    open.forEach(Signal::close);
  }
}
