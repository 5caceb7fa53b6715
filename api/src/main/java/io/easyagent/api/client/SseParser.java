package io.easyagent.api.client;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/**
 * Cuts a stream of bytes into server-sent events, as the HTML standard describes them (section
 * 9.2.6). Pieces may end anywhere, also inside a character.
 */
final class SseParser {
  static final int EVENT_LIMIT = 4 << 20;

  private final ByteArrayOutputStream line = new ByteArrayOutputStream();
  private final StringBuilder data = new StringBuilder();
  private String name = "";
  private String lastId;
  private boolean anyData;
  private boolean afterCarriageReturn;

  /**
   * @param lastId of the stream that this one resumes; empty for a first one
   */
  SseParser(String lastId) {
    this.lastId = lastId;
  }

  /**
   * Takes the next bytes.
   *
   * @throws IOException for an event larger than {@value #EVENT_LIMIT} bytes
   */
  void feed(ByteBuffer bytes, Consumer<SseEvent> events) throws IOException {
    while (bytes.hasRemaining()) {
      byte next = bytes.get();
      if (next == '\n' && afterCarriageReturn) {
        afterCarriageReturn = false;
        continue;
      }
      afterCarriageReturn = next == '\r';
      if (next == '\n' || next == '\r') {
        endLine(events);
      } else {
        line.write(next);
        if (line.size() + data.length() > EVENT_LIMIT) {
          throw new IOException("event: larger than " + EVENT_LIMIT + " bytes");
        }
      }
    }
  }

  private void endLine(Consumer<SseEvent> events) {
    String text = line.toString(StandardCharsets.UTF_8);
    line.reset();
    if (text.isEmpty()) {
      dispatch(events);
      return;
    }
    int colon = text.indexOf(':');
    String field = colon < 0 ? text : text.substring(0, colon);
    String value = colon < 0 ? "" : text.substring(colon + 1);
    take(field, value.startsWith(" ") ? value.substring(1) : value);
  }

  private void take(String field, String value) {
    switch (field) {
      case "event" -> name = value;
      case "data" -> {
        if (anyData) {
          data.append('\n');
        }
        data.append(value);
        anyData = true;
      }
      case "id" -> {
        if (value.indexOf('\0') < 0) {
          lastId = value;
        }
      }
      default -> {
        // A comment (an empty field name) or a field of a later standard.
      }
    }
  }

  private void dispatch(Consumer<SseEvent> events) {
    if (anyData || !name.isEmpty()) {
      events.accept(new SseEvent(name.isEmpty() ? "message" : name, data.toString(), lastId));
    }
    name = "";
    data.setLength(0);
    anyData = false;
  }
}
