package io.easyagent.server.transport;

import io.easyagent.api.Json;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** Writes {@code text/event-stream}. Nothing is sent before the first event or heartbeat. */
final class ServerSentEvents implements EventSink {
  private final HttpServletResponse response;
  private static final int EVENTS_PER_LOOK = 100;

  private final BooleanSupplier admitted;
  private int eventsUntilLook;

  /**
   * @param admitted whether the caller may read on; asked with every heartbeat, before the first
   *     event after it, and now and then in a flood of events
   */
  ServerSentEvents(HttpServletResponse response, BooleanSupplier admitted) {
    this.response = response;
    this.admitted = admitted;
  }

  @Override
  public void send(String event, Object resource) throws IOException {
    write(event, Optional.empty(), resource);
  }

  @Override
  public void send(String event, String id, Object resource) throws IOException {
    write(event, Optional.of(id), resource);
  }

  private void write(String event, Optional<String> id, Object resource) throws IOException {
    if (eventsUntilLook == 0) {
      look();
      eventsUntilLook = EVENTS_PER_LOOK;
    }
    eventsUntilLook--;
    StringBuilder text = new StringBuilder();
    id.ifPresent(value -> text.append("id: ").append(value).append('\n'));
    text.append("event: ").append(event).append('\n');
    // JSON of the mapper is one line: it has no line feed that would end the field.
    text.append("data: ").append(Json.STRICT.writeValueAsString(resource)).append("\n\n");
    write(text.toString());
  }

  @Override
  public void heartbeat() throws IOException {
    look();
    eventsUntilLook = 0;
    write(":\n\n");
  }

  private void look() throws IOException {
    try {
      if (!admitted.getAsBoolean()) {
        throw new IOException("the caller's token is no longer valid");
      }
    } catch (RuntimeException unknown) {
      throw new IOException("the caller's token cannot be looked at: " + unknown, unknown);
    }
  }

  private void write(String text) throws IOException {
    if (!response.isCommitted()) {
      response.setStatus(HttpServletResponse.SC_OK);
      response.setContentType("text/event-stream");
      response.setHeader("X-Accel-Buffering", "no");
    }
    OutputStream stream = response.getOutputStream();
    stream.write(text.getBytes(StandardCharsets.UTF_8));
    stream.flush();
    response.flushBuffer();
  }
}
