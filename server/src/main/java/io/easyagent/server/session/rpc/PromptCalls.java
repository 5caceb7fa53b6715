package io.easyagent.server.session.rpc;

import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Ends calls whose request does not come: a stranger that opens a call and says no more would hold
 * it, and its connection, for as long as it likes. How long the answer takes is not its matter. For
 * calls whose request is one message.
 */
final class PromptCalls implements ServerInterceptor {
  private final Duration patience;
  private final ScheduledExecutorService scheduler;

  PromptCalls(Duration patience, ScheduledExecutorService scheduler) {
    this.patience = patience;
    this.scheduler = scheduler;
  }

  @Override
  public <Q, A> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
    ClosedOnce<Q, A> once = new ClosedOnce<>(call);
    ServerCall.Listener<Q> listener = next.startCall(once, headers);
    Future<?> end =
        scheduler.schedule(
            () ->
                once.close(
                    Status.DEADLINE_EXCEEDED.withDescription(
                        "the request did not come within %d s".formatted(patience.toSeconds())),
                    new Metadata()),
            patience.toMillis(),
            TimeUnit.MILLISECONDS);
    return new SimpleForwardingServerCallListener<>(listener) {
      /** What comes too late is not acted on: its call is over. */
      @Override
      public void onHalfClose() {
        if (end.cancel(false)) {
          super.onHalfClose();
        }
      }

      @Override
      public void onCancel() {
        end.cancel(false);
        super.onCancel();
      }

      @Override
      public void onComplete() {
        end.cancel(false);
        super.onComplete();
      }
    };
  }

  /** Whoever closes first; gRPC does not forgive a second time, nor two at once. */
  private static final class ClosedOnce<Q, A> extends SimpleForwardingServerCall<Q, A> {
    private boolean closed;

    ClosedOnce(ServerCall<Q, A> call) {
      super(call);
    }

    @Override
    public synchronized void close(Status status, Metadata trailers) {
      if (!closed) {
        closed = true;
        super.close(status, trailers);
      }
    }
  }
}
