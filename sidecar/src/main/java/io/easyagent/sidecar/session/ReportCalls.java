package io.easyagent.sidecar.session;

import io.easyagent.protocol.EasyAgentServiceGrpc;
import io.easyagent.protocol.EasyAgentServiceGrpc.EasyAgentServiceFutureStub;
import io.easyagent.protocol.Event;
import io.easyagent.protocol.EventBatch;
import io.easyagent.protocol.EventBatchResponse;
import io.grpc.Channel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * What a session reports, again and again, for as long as it lasts. Each call waits for its answer,
 * for a time that this end alone knows: told as gRPC's deadline it would be another value of a
 * header in each call, and the table of headers that the server keeps for the connection (RFC 7541,
 * 2.3.2) would fill with them, 3 kB for each host. Thread-safe.
 */
final class ReportCalls {
  private static final Duration OF_ONE = Duration.ofSeconds(10);
  private static final Duration OF_A_BATCH = Duration.ofSeconds(30);

  private final EasyAgentServiceFutureStub stub;
  private final Headers headers;
  private final long epoch;

  ReportCalls(Channel channel, Headers headers, long epoch) {
    // Answers only wake who waits: the connection's own thread does that.
    this.stub = EasyAgentServiceGrpc.newFutureStub(channel).withExecutor(Runnable::run);
    this.headers = headers;
    this.epoch = epoch;
  }

  /**
   * Something that is reported once or not at all.
   *
   * @throws StatusRuntimeException when the server did not take it in time, or the thread was
   *     interrupted, and is again
   */
  void report(Event event) {
    await(stub.reportEvent(event.toBuilder().setH(headers.of(epoch)).build()), OF_ONE);
  }

  /** The head of the outbox; otherwise as {@link #report(Event)}. */
  EventBatchResponse report(EventBatch batch) {
    return await(stub.reportEvents(batch.toBuilder().setH(headers.of(epoch)).build()), OF_A_BATCH);
  }

  static <A> A await(Future<A> answer, Duration patience) {
    try {
      return answer.get(patience.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException late) {
      answer.cancel(true);
      throw Status.DEADLINE_EXCEEDED
          .withDescription("no answer within " + patience.toSeconds() + " s")
          .asRuntimeException();
    } catch (InterruptedException over) {
      answer.cancel(true);
      Thread.currentThread().interrupt();
      throw Status.CANCELLED.withDescription("interrupted").withCause(over).asRuntimeException();
    } catch (ExecutionException failed) {
      Status status = Status.fromThrowable(failed);
      throw new StatusRuntimeException(status, Status.trailersFromThrowable(failed));
    }
  }
}
