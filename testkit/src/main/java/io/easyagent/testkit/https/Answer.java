package io.easyagent.testkit.https;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a {@link ScriptedServer} does with a request. */
public sealed interface Answer {
  /** A whole answer. */
  record Whole(int status, Map<String, String> headers, String body) implements Answer {
    /** The same with one more header. */
    public Whole with(String header, String value) {
      Map<String, String> more = new LinkedHashMap<>(headers);
      more.put(header, value);
      return new Whole(status, more, body);
    }
  }

  /**
   * An answer of 200 in pieces.
   *
   * @param open the connection stays open, silent, until the server is closed
   */
  record Stream(String contentType, List<String> pieces, boolean open) implements Answer {}

  /** The connection is closed without an answer. */
  record Broken() implements Answer {}

  static Whole json(int status, String body) {
    return new Whole(status, Map.of("Content-Type", "application/json"), body);
  }

  static Whole empty(int status) {
    return new Whole(status, Map.of(), "");
  }

  /** Server-sent events, then the end of the stream. */
  static Stream events(String... pieces) {
    return new Stream("text/event-stream", List.of(pieces), false);
  }

  /** Server-sent events, then silence. */
  static Stream openEvents(String... pieces) {
    return new Stream("text/event-stream", List.of(pieces), true);
  }

  static Broken broken() {
    return new Broken();
  }
}
