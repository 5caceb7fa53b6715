package io.easyagent.server.session.rpc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.easyagent.protocol.ControlResponse;
import io.easyagent.protocol.ControlResponse.ControlCmd;
import io.easyagent.protocol.LogPart;
import io.easyagent.protocol.LogResponse;
import io.easyagent.server.agent.AgentId;
import io.easyagent.server.fleet.HostId;
import io.easyagent.server.log.LogBegin;
import io.easyagent.server.log.LogEnd;
import io.easyagent.server.log.LogStream;
import io.easyagent.server.log.LogStream.Next;
import io.easyagent.server.store.Writer;
import io.easyagent.testkit.Eventually;
import io.grpc.Status;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An agent's output over the hosts' port: who may send it, how fast, and how it ends. */
class LogStreamIT {
  private static final Duration SOON = Duration.ofSeconds(10);
  private static final AgentId AGENT = new AgentId(new UUID(7, 7));

  @TempDir private Path folder;
  private CoreServer server;
  private FakeHost host;
  private FakeHost.Commands commands;

  @BeforeEach
  void open() throws Exception {
    server = new CoreServer(folder.resolve("server"), 0);
    host = server.enrol("web-1", "log-stream-1");
    commands = host.connect();
    Eventually.await(SOON, "online", () -> server.isOnline(host));
  }

  @AfterEach
  void close() {
    host.close();
    server.close();
  }

  private LogStream asked() {
    return asked(new LogBegin.Tail(5));
  }

  private LogStream asked(LogBegin begin) {
    return server.logs.open(new HostId(host.uuid()), "web-1", AGENT, begin, true);
  }

  /** A call of a host, and how it ended. */
  private static final class Call implements ClientResponseObserver<LogPart, LogResponse> {
    final CompletableFuture<Status> end = new CompletableFuture<>();
    ClientCallStreamObserver<LogPart> stream;

    static Call of(FakeHost host) {
      Call call = new Call();
      host.calls().streamLog(call);
      return call;
    }

    Status end() throws Exception {
      return end.get(SOON.toSeconds(), TimeUnit.SECONDS);
    }

    @Override
    public void beforeStart(ClientCallStreamObserver<LogPart> opened) {
      stream = opened;
    }

    @Override
    public void onNext(LogResponse response) {}

    @Override
    public void onError(Throwable failure) {
      end.complete(Status.fromThrowable(failure));
    }

    @Override
    public void onCompleted() {
      end.complete(Status.OK);
    }
  }

  private LogPart part(long offset, String text) {
    return LogPart.newBuilder()
        .setH(host.header())
        .setOffset(offset)
        .setNext(offset + text.length())
        .setData(ByteString.copyFromUtf8(text))
        .build();
  }

  private static LogPart named(LogPart part, ControlResponse command) {
    return part.toBuilder().setStreamId(command.getStreamLogOptions().getStreamId()).build();
  }

  private static String text(Next next) {
    return new String(assertInstanceOf(Next.Part.class, next, next::toString).part().data(), UTF_8);
  }

  @Test
  void theHostIsToldWhereToBegin() throws Exception {
    Duration age = Duration.ofMillis(90_001);
    try (LogStream from = asked(new LogBegin.From(Long.MAX_VALUE));
        LogStream since = asked(new LogBegin.Since(age, OptionalInt.empty()));
        LogStream some = asked(new LogBegin.Since(Duration.ZERO, OptionalInt.of(0)))) {
      assertEquals(Long.MAX_VALUE, commands.next().getStreamLogOptions().getFrom());
      var all = commands.next().getStreamLogOptions().getSince();
      assertEquals(WireTimes.of(age), all.getAge());
      assertFalse(all.hasTail());
      var none = commands.next().getStreamLogOptions().getSince();
      assertTrue(none.hasAge() && none.hasTail());
      assertEquals(0, none.getTail());
      assertEquals(3, server.logs.count(), () -> from + ", " + since + ", " + some);
    }
  }

  @Test
  void theHostIsToldAndItsPartsArrive() throws Exception {
    try (LogStream stream = asked()) {
      ControlResponse command = commands.next();
      assertEquals(ControlCmd.STREAM_LOG, command.getCmd());
      assertEquals(5, command.getStreamLogOptions().getTail());
      assertTrue(command.getStreamLogOptions().getFollow());
      assertEquals(WireIds.bytes(AGENT.value()), command.getStreamLogOptions().getAgentId());
      Call call = Call.of(host);
      call.stream.onNext(named(part(10, "one\n"), command));
      call.stream.onNext(part(14, "two\n"));
      call.stream.onCompleted();

      assertEquals("one\n", text(stream.next(SOON)));
      assertEquals("two\n", text(stream.next(SOON)));
      assertEquals(new Next.Over(new LogEnd.Complete()), stream.next(SOON));
      assertEquals(Status.Code.OK, call.end().getCode());
    }
  }

  @Test
  void aStreamIsSentOnceAndOnlyByTheHostThatWasAsked() throws Exception {
    try (LogStream stream = asked();
        FakeHost thief = server.enrol("web-2", "log-stream-1")) {
      ControlResponse command = commands.next();
      FakeHost.Commands open = thief.connect();
      Eventually.await(SOON, "online", () -> server.isOnline(thief));
      LogPart first = named(part(0, "mine\n"), command);

      Call stolen = Call.of(thief);
      stolen.stream.onNext(first.toBuilder().setH(thief.header()).build());
      assertEquals(Status.Code.NOT_FOUND, stolen.end().getCode());
      Call forged = Call.of(thief);
      forged.stream.onNext(first);
      assertEquals(Status.Code.PERMISSION_DENIED, forged.end().getCode());
      Call unknown = Call.of(host);
      unknown.stream.onNext(
          first.toBuilder().setStreamId(WireIds.bytes(UUID.randomUUID())).build());
      assertEquals(Status.Code.NOT_FOUND, unknown.end().getCode());
      Call stale = Call.of(host);
      stale.stream.onNext(
          first.toBuilder()
              .setH(host.header().toBuilder().setSessionEpoch(host.epoch - 1))
              .build());
      assertEquals(Status.Code.NOT_FOUND, stale.end().getCode());

      Call call = Call.of(host);
      call.stream.onNext(first);
      assertEquals("mine\n", text(stream.next(SOON)));
      Call again = Call.of(host);
      again.stream.onNext(first);
      assertEquals(Status.Code.NOT_FOUND, again.end().getCode());
      assertFalse(call.end.isDone());
      assertTrue(open != commands);
    }
  }

  /** The window of the connection, and not a byte more, is on the way to who does not read. */
  @Test
  void aReaderThatDoesNotReadHoldsTheHostBack() throws Exception {
    try (LogStream stream = asked()) {
      ControlResponse command = commands.next();
      Call call = Call.of(host);
      String text = "x".repeat(io.easyagent.server.log.LogPart.LARGEST);
      call.stream.onNext(named(part(0, ""), command));
      Eventually.await(SOON, "ready", call.stream::isReady);
      int sent = 0;
      while (sent < 200 && settles(call)) {
        call.stream.onNext(part((long) sent * text.length(), text));
        sent++;
      }

      assertTrue(sent < 40, "sent without a reader: " + sent + " parts of 64 KiB");
      stream.next(SOON);
      for (int read = 0; read < sent; read++) {
        assertEquals(text, text(stream.next(SOON)));
      }
      Eventually.await(SOON, "ready again", call.stream::isReady);
    }
  }

  /** Whether the call takes more, now or within a second. */
  private static boolean settles(Call call) {
    try {
      Eventually.await(Duration.ofSeconds(1), "ready", call.stream::isReady);
      return true;
    } catch (AssertionError heldBack) {
      return false;
    }
  }

  @Test
  void whoLeavesEndsTheCall() throws Exception {
    LogStream stream = asked();
    ControlResponse command = commands.next();
    Call call = Call.of(host);
    call.stream.onNext(named(part(0, "one\n"), command));
    assertEquals("one\n", text(stream.next(SOON)));

    stream.close();

    assertEquals(Status.Code.CANCELLED, call.end().getCode());
    assertEquals(0, server.logs.count());
  }

  @Test
  void aHostThatGoesEndsTheStream() throws Exception {
    try (LogStream stream = asked()) {
      ControlResponse command = commands.next();
      Call call = Call.of(host);
      call.stream.onNext(named(part(0, "one\n"), command));
      assertEquals("one\n", text(stream.next(SOON)));

      host.cut();

      Next.Over over = assertInstanceOf(Next.Over.class, stream.next(SOON));
      assertInstanceOf(LogEnd.Broken.class, over.end());
    }
  }

  @Test
  void aRemovedHostEndsTheStream() throws Exception {
    try (LogStream stream = asked()) {
      ControlResponse command = commands.next();
      Call call = Call.of(host);
      call.stream.onNext(named(part(0, "one\n"), command));
      assertEquals("one\n", text(stream.next(SOON)));

      server.hosts.remove(new HostId(host.uuid()), Writer.Action.NOTHING);

      Next.Over over = assertInstanceOf(Next.Over.class, stream.next(SOON));
      assertInstanceOf(LogEnd.Broken.class, over.end());
      assertFalse(call.end().isOk());
    }
  }

  @Test
  void theHostsLastWordIsTold() throws Exception {
    try (LogStream stream = asked()) {
      ControlResponse command = commands.next();
      Call call = Call.of(host);
      call.stream.onNext(
          named(part(0, ""), command).toBuilder().setFailure("not here\u001b[2J").build());
      call.stream.onCompleted();

      assertEquals(new Next.Over(new LogEnd.Stopped("not here [2J")), stream.next(SOON));
      assertEquals(Status.Code.OK, call.end().getCode());
    }
  }

  @Test
  void whatIsTooLargeOrRunsBackwardsIsRefused() throws Exception {
    for (LogPart wrong :
        new LogPart[] {
          part(0, "x".repeat(io.easyagent.server.log.LogPart.LARGEST + 1)),
          part(9, "").toBuilder().setNext(8).build(),
          part(-1, "")
        }) {
      try (LogStream stream = asked()) {
        ControlResponse command = commands.next();
        Call call = Call.of(host);
        call.stream.onNext(named(wrong, command));

        assertEquals(Status.Code.INVALID_ARGUMENT, call.end().getCode());
        assertInstanceOf(Next.Over.class, stream.next(SOON));
      }
    }
  }
}
