package io.easyagent.api.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.easyagent.fuzz.FuzzTarget;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** What a server answers to clients: errors and streams of events, however they are cut. */
public final class AnswerTarget implements FuzzTarget {
  @Override
  public List<byte[]> seeds() {
    return List.of(
        "event: progress\nid: 7\ndata: {\"a\":1}\ndata: 2\n\n: comment\n\n".getBytes(UTF_8),
        "data\r\rdata: x\r\n\r\n".getBytes(UTF_8),
        "{\"type\":\"about:blank\",\"title\":\"Not found\",\"status\":404,\"code\":\"NOT_FOUND\"}"
            .getBytes(UTF_8));
  }

  @Override
  public void attack(byte[] input) {
    FuzzTarget.must(
        events(input, input.length + 1).equals(events(input, 1)), "a cut makes other events");
    Problems.read(400, new String(input, UTF_8));
  }

  private static List<SseEvent> events(byte[] input, int piece) {
    SseParser parser = new SseParser("");
    List<SseEvent> events = new ArrayList<>();
    try {
      for (int at = 0; at < input.length; at += piece) {
        parser.feed(ByteBuffer.wrap(input, at, Math.min(piece, input.length - at)), events::add);
      }
    } catch (IOException tooLarge) {
      throw new AssertionError(tooLarge);
    }
    return events;
  }
}
