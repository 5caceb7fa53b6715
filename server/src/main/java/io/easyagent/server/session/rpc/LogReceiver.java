package io.easyagent.server.session.rpc;

import io.easyagent.protocol.LogPart;
import io.easyagent.protocol.LogResponse;
import io.easyagent.server.fleet.HostId;
import io.easyagent.server.fleet.HostText;
import io.easyagent.server.log.LogEnd;
import io.easyagent.server.log.LogSender;
import io.easyagent.server.log.LogStream;
import io.easyagent.server.log.LogStreams;
import io.easyagent.server.problem.ErrorCode;
import io.easyagent.server.problem.RefusedException;
import io.easyagent.server.transport.RpcStatus;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BooleanSupplier;

/**
 * A host's call that sends an output. Stays on the event loop: nothing here waits. The host's parts
 * are asked for one by one, by whoever reads them.
 */
final class LogReceiver implements StreamObserver<LogPart>, LogSender {
  private final ServerCallStreamObserver<LogResponse> call;
  private final LogStreams streams;
  private final HostId host;
  private final BooleanSupplier allowed;
  private volatile Optional<LogStream> stream = Optional.empty();
  private boolean answered;

  /**
   * To be made before the call's handler returns.
   *
   * @param allowed asked at every part: a host whose certificate is over sends no more
   */
  LogReceiver(
      ServerCallStreamObserver<LogResponse> call,
      LogStreams streams,
      HostId host,
      BooleanSupplier allowed) {
    this.call = call;
    this.streams = streams;
    this.host = host;
    this.allowed = allowed;
    call.disableAutoRequest();
    call.setOnCloseHandler(this::broken);
    call.request(1);
  }

  @Override
  public void onNext(LogPart part) {
    try {
      if (!allowed.getAsBoolean()) {
        throw new RefusedException(
            ErrorCode.FORBIDDEN, "the certificate of host " + host + " is over");
      }
      LogStream begun = stream.isPresent() ? stream.get() : begin(part);
      if (part.getFailure().isEmpty()) {
        if (!begun.put(checked(part))) {
          throw new RefusedException(ErrorCode.CONFLICT, "nobody waits for this part");
        }
      } else {
        begun.end(new LogEnd.Stopped(HostText.line(part.getFailure())));
      }
    } catch (RuntimeException refused) {
      refuse(RpcStatus.of(refused));
    }
  }

  private LogStream begin(LogPart first) {
    UUID id = WireIds.uuid(first.getStreamId(), "streamId");
    LogStream asked =
        streams
            .find(id, host, first.getH().getSessionEpoch())
            .filter(found -> found.begin(this))
            .orElseThrow(() ->
                new RefusedException(
                    ErrorCode.NOT_FOUND,
                    "this host was not asked for this stream, or nobody waits for it any more"));
    stream = Optional.of(asked);
    return asked;
  }

  private static io.easyagent.server.log.LogPart checked(LogPart part) {
    int size = part.getData().size();
    if (size > io.easyagent.server.log.LogPart.LARGEST) {
      throw new RefusedException(
          ErrorCode.BAD_REQUEST,
          "data: %d bytes (expected: at most %d)"
              .formatted(size, io.easyagent.server.log.LogPart.LARGEST));
    }
    if (part.getOffset() < 0 || part.getNext() < part.getOffset()) {
      throw new RefusedException(
          ErrorCode.BAD_REQUEST,
          "next: %d (expected: at least the offset, %d)"
              .formatted(part.getNext(), part.getOffset()));
    }
    return new io.easyagent.server.log.LogPart(
        part.getOffset(), part.getNext(), part.getData().toByteArray());
  }

  /** The host has gone, or has ended the call as if it had. */
  @Override
  public void onError(Throwable failure) {
    broken();
  }

  private void broken() {
    stream.ifPresent(begun -> begun.end(new LogEnd.Broken("the host's connection has broken")));
  }

  @Override
  public void onCompleted() {
    stream.ifPresent(begun -> begun.end(new LogEnd.Complete()));
    synchronized (this) {
      if (answered) {
        return;
      }
      answered = true;
    }
    call.onNext(LogResponse.getDefaultInstance());
    call.onCompleted();
  }

  @Override
  public void more() {
    call.request(1);
  }

  @Override
  public void stop(String why) {
    refuse(Status.CANCELLED.withDescription(why).asRuntimeException());
  }

  private void refuse(StatusRuntimeException status) {
    synchronized (this) {
      if (answered) {
        return;
      }
      answered = true;
    }
    stream.ifPresent(begun -> begun.end(new LogEnd.Broken("the host's call was refused")));
    if (!call.isCancelled()) {
      call.onError(status);
    }
  }
}
