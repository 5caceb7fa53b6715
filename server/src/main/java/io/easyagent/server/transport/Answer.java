package io.easyagent.server.transport;

import io.easyagent.server.problem.RefusedException;
import java.io.IOException;
import java.io.InputStream;

/** What a route answers. */
public sealed interface Answer {
  /** A resource of the API, written as JSON. */
  record Json(int status, Object body) implements Answer {}

  /** Done, and nothing to say: 204. */
  record Empty() implements Answer {}

  record Text(int status, String contentType, String body) implements Answer {}

  /**
   * Bytes that are written as they are read, never all in memory.
   *
   * @param size how many the body has
   * @param body closed when it is sent, or the client is gone
   */
  record Download(String contentType, long size, InputStream body) implements Answer {}

  /** Server-sent events, until the source returns or the client goes. */
  record Events(Source source) implements Answer {}

  /** Writes a stream's events, on the request's own thread. */
  interface Source {
    /**
     * @throws IOException when the client is gone
     * @throws RefusedException before the first event: the answer is a problem
     */
    void writeTo(EventSink sink) throws IOException, InterruptedException;
  }

  static Answer ok(Object body) {
    return new Json(200, body);
  }

  static Answer created(Object body) {
    return new Json(201, body);
  }

  static Answer accepted(Object body) {
    return new Json(202, body);
  }

  static Answer empty() {
    return new Empty();
  }
}
