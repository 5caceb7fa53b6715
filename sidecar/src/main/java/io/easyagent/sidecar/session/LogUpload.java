package io.easyagent.sidecar.session;

import com.google.protobuf.UnsafeByteOperations;
import io.easyagent.protocol.EasyAgentServiceGrpc;
import io.easyagent.protocol.LogPart;
import io.easyagent.sidecar.identity.CurrentIdentity;
import io.easyagent.sidecar.logstream.HostLogs;
import io.easyagent.sidecar.logstream.LogFlow;
import io.easyagent.sidecar.logstream.LogOrder;
import io.easyagent.sidecar.logstream.LogPiece;
import io.easyagent.sidecar.logstream.RedactedLog;
import io.easyagent.sidecar.wire.Fields;
import io.grpc.ManagedChannel;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Sends one agent's output over a connection of its own, and reads no faster than the server takes
 * it. Ends with the output, with the agent, when the server ends the call, or when its thread is
 * interrupted.
 */
final class LogUpload implements Runnable {
  private static final Logger log = Logger.getLogger(LogUpload.class.getName());

  /** Looks so often for what the agent has written since. */
  private static final long LOOK_MILLIS = 200;

  /** After so many looks without anything new, an unfinished line is sent as it is. */
  private static final int QUIET_LOOKS = 5;

  private final HostLogs logs;
  private final LogOrder order;
  private final Channels channels;
  private final CurrentIdentity identity;
  private final String version;
  private final Headers headers;
  private final CurrentSession.Live session;

  LogUpload(
      HostLogs logs,
      LogOrder order,
      Channels channels,
      CurrentIdentity identity,
      String version,
      Headers headers,
      CurrentSession.Live session) {
    this.logs = logs;
    this.order = order;
    this.channels = channels;
    this.identity = identity;
    this.version = version;
    this.headers = headers;
    this.session = session;
  }

  @Override
  public void run() {
    ManagedChannel channel;
    try {
      channel = channels.open(session.address(), identity.tls(), version);
    } catch (GeneralSecurityException unusable) {
      log.log(Level.WARNING, "no output streamed: this host''s certificate: {0}", unusable);
      return;
    }
    try {
      LogCall call = new LogCall();
      EasyAgentServiceGrpc.newStub(channel).withExecutor(Runnable::run).streamLog(call);
      send(call);
      call.awaitOver();
    } catch (InterruptedException over) {
      Thread.currentThread().interrupt();
    } finally {
      channel.shutdownNow();
    }
  }

  private void send(LogCall call) throws InterruptedException {
    LogPart.Builder first = part().setStreamId(Fields.bytes(order.stream()));
    switch (logs.find(order.agent())) {
      case HostLogs.Found.NoAgent() ->
          call.finish(first.setFailure("the agent is not on this host").build());
      case HostLogs.Found.Refused(String reason) -> call.finish(first.setFailure(reason).build());
      case HostLogs.Found.Log(RedactedLog found) -> send(call, first, found);
    }
  }

  private void send(LogCall call, LogPart.Builder first, RedactedLog found)
      throws InterruptedException {
    try {
      long end = found.kept().end();
      long begin = order.begin().offset(found.kept(), end);
      call.send(first.setOffset(begin).setNext(begin).build());
      LogFlow flow = new LogFlow(found.kept(), found.redactions(), begin);
      if (order.follow()) {
        follow(call, flow);
      } else {
        sendUntil(end, call, flow);
      }
    } catch (IOException unreadable) {
      log.log(Level.WARNING, "output of agent " + found.agent(), unreadable);
      call.finish(
          part().setFailure("its output cannot be read: " + unreadable.getMessage()).build());
    }
  }

  private void sendUntil(long end, LogCall call, LogFlow flow)
      throws IOException, InterruptedException {
    while (call.awaitReady()) {
      Optional<LogPiece> piece = flow.next(end, true);
      if (piece.isEmpty()) {
        call.complete();
        return;
      }
      call.send(part(piece.get()));
    }
  }

  private void follow(LogCall call, LogFlow flow) throws IOException, InterruptedException {
    int looks = 0;
    while (call.awaitReady()) {
      // The host's rules may have changed, also while there is always more to send.
      if (logs.find(order.agent()) instanceof HostLogs.Found.Refused(String reason)) {
        call.finish(part().setFailure(reason).build());
        return;
      }
      Optional<LogPiece> piece = flow.next(Long.MAX_VALUE, looks >= QUIET_LOOKS);
      if (piece.isPresent()) {
        looks = 0;
        call.send(part(piece.get()));
      } else if (logs.find(order.agent()) instanceof HostLogs.Found.NoAgent) {
        call.finish(part().setFailure("the agent was uninstalled").build());
        return;
      } else {
        looks = Math.min(looks + 1, QUIET_LOOKS);
        call.rest(LOOK_MILLIS);
      }
    }
  }

  private LogPart part(LogPiece piece) {
    return part()
        .setOffset(piece.offset())
        .setNext(piece.next())
        .setData(UnsafeByteOperations.unsafeWrap(piece.data()))
        .build();
  }

  private LogPart.Builder part() {
    return LogPart.newBuilder().setH(headers.of(session.epoch()));
  }
}
