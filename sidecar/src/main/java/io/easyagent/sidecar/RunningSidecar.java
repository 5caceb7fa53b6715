package io.easyagent.sidecar;

import io.easyagent.sidecar.identity.IdentityException;
import io.easyagent.sidecar.service.Watchdog;
import java.io.IOException;
import java.util.List;
import java.util.logging.Logger;

/**
 * The sidecar of this process, which is made anew when the host got another identity. Agents live
 * through that as through a restart of the process. Thread-safe.
 */
final class RunningSidecar implements AutoCloseable {
  private static final Logger log = Logger.getLogger(RunningSidecar.class.getName());

  /** Starts one. */
  interface Start {
    Sidecar start() throws IOException, IdentityException;
  }

  private final Start start;
  private Sidecar sidecar;
  private boolean closed;

  RunningSidecar(Start start) throws IOException, IdentityException {
    this.start = start;
    this.sidecar = start.start();
  }

  synchronized List<Watchdog.Part> watched() {
    return sidecar.watched();
  }

  /** Whether this process is to end, so that another one takes its place. */
  synchronized boolean isToEnd() {
    return sidecar.isToEnd();
  }

  /** What of this host's agents runs, for those who see the sidecar end. */
  synchronized String leftRunning() {
    return sidecar.leftRunning();
  }

  /** Nothing once it is closed. */
  synchronized void restart() throws IOException, IdentityException {
    if (!closed) {
      log.info("this host has a new identity; agents run on while it is taken up");
      sidecar.close();
      sidecar = start.start();
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
    sidecar.close();
  }
}
