package io.easyagent.server.log.api;

import io.easyagent.api.LogPart;
import io.easyagent.api.LogStop;
import io.easyagent.server.log.LogEnd;
import io.easyagent.server.log.LogStream;
import io.easyagent.server.log.LogStream.Next;
import io.easyagent.server.problem.ErrorCode;
import io.easyagent.server.problem.RefusedException;
import io.easyagent.server.transport.Answer;
import io.easyagent.server.transport.EventSink;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * Writes a stream as it comes, and takes a part only when the one before it is written. Ends with
 * {@code end} only when nothing more will ever come; otherwise the client comes back with the id of
 * the last event it has.
 */
final class LogWatch implements Answer.Source {
  private static final Duration PATIENCE = Duration.ofSeconds(15);

  /** Who has gone is found at the second one: a host has places for few readers. */
  private static final Duration HEARTBEAT = Duration.ofSeconds(3);

  private static final Duration LOOK = Duration.ofSeconds(15);

  private final LogStream stream;
  private final String what;
  private final BooleanSupplier visible;
  private final LongSupplier nanoTime;
  private long looked;

  /**
   * @param what for messages
   * @param visible whether the caller may still know the agent; asked every 15 s
   */
  LogWatch(LogStream stream, String what, BooleanSupplier visible, LongSupplier nanoTime) {
    this.stream = stream;
    this.what = what;
    this.visible = visible;
    this.nanoTime = nanoTime;
    this.looked = nanoTime.getAsLong();
  }

  @Override
  public void writeTo(EventSink sink) throws IOException, InterruptedException {
    try (stream) {
      Next next = begun(stream.next(PATIENCE));
      sink.heartbeat();
      while (write(next, sink) && stillVisible()) {
        next = stream.next(HEARTBEAT);
      }
    }
  }

  /** Before anything is written, what is wrong can still be a problem. */
  private Next begun(Next first) {
    return switch (first) {
      case Next.Part part -> part;
      case Next.Nothing() ->
          throw new RefusedException(
              ErrorCode.UNAVAILABLE,
              "%s: the host did not begin within %d s".formatted(what, PATIENCE.toSeconds()));
      case Next.Over(LogEnd end) ->
          switch (end) {
            case LogEnd.Complete() -> first;
            case LogEnd.Stopped(String reason) ->
                throw new RefusedException(ErrorCode.CONFLICT, what + ": " + reason);
            case LogEnd.Broken(String reason) ->
                throw new RefusedException(ErrorCode.UNAVAILABLE, what + ": " + reason);
          };
    };
  }

  /** Whether more may come. */
  private boolean write(Next next, EventSink sink) throws IOException {
    return switch (next) {
      case Next.Part(var part) -> {
        sink.send(
            "log",
            Long.toString(part.next()),
            new LogPart(
                part.offset(), part.next(), new String(part.data(), StandardCharsets.UTF_8)));
        yield true;
      }
      case Next.Nothing() -> {
        sink.heartbeat();
        yield true;
      }
      case Next.Over(LogEnd end) -> {
        switch (end) {
          case LogEnd.Complete() -> sink.send("end", Map.of());
          case LogEnd.Stopped(String reason) -> {
            sink.send("stopped", new LogStop(reason));
            sink.send("end", Map.of());
          }
          case LogEnd.Broken(String _) -> {
            // That there is no end tells the client to come back.
          }
        }
        yield false;
      }
    };
  }

  private boolean stillVisible() {
    if (nanoTime.getAsLong() - looked < LOOK.toNanos()) {
      return true;
    }
    looked = nanoTime.getAsLong();
    return visible.getAsBoolean();
  }
}
