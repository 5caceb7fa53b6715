package io.easyagent.server.session.rpc;

import io.easyagent.protocol.ControlResponse;
import io.easyagent.server.fleet.HostId;
import io.easyagent.server.log.LogOrder;
import io.easyagent.server.operation.Command;
import io.easyagent.server.operation.HostLink;
import io.easyagent.server.operation.OperationId;
import io.easyagent.server.operation.WorkItem;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import java.util.HashSet;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A session's stream of commands. Writes come one at a time; none follows the end. */
final class ControlStream implements HostLink {
  private static final Logger log = LoggerFactory.getLogger(ControlStream.class);
  private static final int CANCELS_REMEMBERED = 1024;

  private final HostId host;
  private final long epoch;
  private final CommandCodec codec;
  private final ServerCallStreamObserver<ControlResponse> stream;
  private final BooleanSupplier allowed;
  private final Set<OperationId> cancelled = new HashSet<>();
  private boolean ended;

  /**
   * @param allowed asked before every command: a host whose certificate is over gets no more
   */
  ControlStream(
      HostId host,
      long epoch,
      CommandCodec codec,
      ServerCallStreamObserver<ControlResponse> stream,
      BooleanSupplier allowed) {
    this.host = host;
    this.epoch = epoch;
    this.codec = codec;
    this.stream = stream;
    this.allowed = allowed;
  }

  @Override
  public HostId host() {
    return host;
  }

  @Override
  public long epoch() {
    return epoch;
  }

  @Override
  public boolean ready() {
    return stream.isReady();
  }

  @Override
  public Prepared prepare(WorkItem item, Command command) {
    ControlResponse.Builder wire;
    try {
      wire = codec.command(item, command, epoch);
    } catch (RuntimeException unusable) {
      log.error("a command cannot be formed operation={}", item.id(), unusable);
      return new Prepared.Impossible(
          "the server could not form the command: " + unusable.getMessage());
    }
    return new Prepared.Sendable(
        () -> send(wire.setTimeLeft(WireTimes.of(codec.timeLeft(item))).build()));
  }

  @Override
  public void streamLog(LogOrder order) {
    send(codec.streamLog(order, epoch));
  }

  @Override
  public void cancel(OperationId operation) {
    synchronized (this) {
      if (cancelled.size() >= CANCELS_REMEMBERED) {
        cancelled.clear();
      }
      if (!cancelled.add(operation)) {
        return;
      }
    }
    send(codec.cancel(operation, epoch));
  }

  private synchronized void send(ControlResponse command) {
    if (ended || stream.isCancelled()) {
      return;
    }
    if (!allowed.getAsBoolean()) {
      closeAsOver();
      return;
    }
    try {
      stream.onNext(command);
    } catch (RuntimeException cut) {
      log.debug("a stream was cut host={}: {}", host, cut.toString());
    }
  }

  @Override
  public void reconnect(String reason) {
    send(codec.reconnect(epoch, reason));
    synchronized (this) {
      if (!ended) {
        ended = true;
        stream.onCompleted();
      }
    }
  }

  @Override
  public void close(CloseReason reason) {
    Status status =
        switch (reason) {
          case REPLACED ->
              Status.ABORTED.withDescription("conflict: a later session of this host has opened");
          case REVOKED ->
              Status.PERMISSION_DENIED.withDescription("forbidden: the host was removed");
          case CONFLICTED ->
              Status.FAILED_PRECONDITION.withDescription(
                  "conflict: two machines claim this identity; an operator must decide");
        };
    close(status);
  }

  /** The host's certificate has expired or was revoked. */
  void closeAsOver() {
    close(
        Status.PERMISSION_DENIED.withDescription(
            "forbidden: the certificate of host " + host + " is over"));
  }

  synchronized void close(Status status) {
    if (!ended) {
      ended = true;
      if (!stream.isCancelled()) {
        stream.onError(status.asRuntimeException());
      }
    }
  }
}
