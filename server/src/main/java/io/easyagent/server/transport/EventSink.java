package io.easyagent.server.transport;

import java.io.IOException;

/**
 * Where a stream's events go. Writing blocks while the client does not read, and fails once it has
 * not read for the connection's idle time: nothing piles up for a slow client.
 */
public interface EventSink {
  /**
   * @param resource written as JSON
   */
  void send(String event, Object resource) throws IOException;

  /**
   * @param id what the client presents to go on after this event
   */
  void send(String event, String id, Object resource) throws IOException;

  /** Says that the stream lives. */
  void heartbeat() throws IOException;
}
