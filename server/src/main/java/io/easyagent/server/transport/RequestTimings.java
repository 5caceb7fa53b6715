package io.easyagent.server.transport;

/** Told how long each route took and what it answered. */
public interface RequestTimings {
  Timing start(Route route);

  /** One request; closed when it is answered. */
  interface Timing extends AutoCloseable {
    /** What was answered; when it is never told, the request was refused or failed. */
    void status(int status);

    @Override
    void close();
  }
}
