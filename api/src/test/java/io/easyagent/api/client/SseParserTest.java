package io.easyagent.api.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class SseParserTest {
  private static final String STREAM =
      ": hello\n\nevent: batch\nid: 7\ndata: {\"a\":\ndata: 1}\n\n"
          + "data:übrig\r\n\r\nid\nevent:end\r\rdata: never ended";

  private static final List<SseEvent> EVENTS =
      List.of(
          new SseEvent("batch", "{\"a\":\n1}", "7"),
          new SseEvent("message", "übrig", "7"),
          new SseEvent("end", "", ""));

  @Test
  void cutsAStreamIntoEventsWhereverThePiecesEnd() throws IOException {
    byte[] bytes = STREAM.getBytes(StandardCharsets.UTF_8);
    for (int size = 1; size <= bytes.length; size++) {
      SseParser parser = new SseParser("");
      List<SseEvent> events = new ArrayList<>();
      for (int from = 0; from < bytes.length; from += size) {
        parser.feed(ByteBuffer.wrap(bytes, from, Math.min(size, bytes.length - from)), events::add);
      }
      assertEquals(EVENTS, events, "in pieces of " + size);
    }
  }

  @Test
  void keepsTheIdOfTheStreamThatIsResumed() throws IOException {
    List<SseEvent> events = new ArrayList<>();
    new SseParser("41")
        .feed(ByteBuffer.wrap("data: x\n\n".getBytes(StandardCharsets.UTF_8)), events::add);
    assertEquals(List.of(new SseEvent("message", "x", "41")), events);
  }

  @Test
  void refusesAnEventWithoutAnEnd() {
    SseParser parser = new SseParser("");
    byte[] piece = "x".repeat(1 << 20).getBytes(StandardCharsets.UTF_8);
    assertThrows(
        IOException.class,
        () -> {
          for (int i = 0; i < 5; i++) {
            parser.feed(ByteBuffer.wrap(piece), event -> {});
          }
        });
  }
}
