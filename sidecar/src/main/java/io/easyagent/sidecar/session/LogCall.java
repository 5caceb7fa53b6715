package io.easyagent.sidecar.session;

import io.easyagent.protocol.LogPart;
import io.easyagent.protocol.LogResponse;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A call that sends an output. One thread sends; gRPC's threads only wake it. */
final class LogCall implements ClientResponseObserver<LogPart, LogResponse> {
  private final Semaphore wakes = new Semaphore(0);
  private volatile @Nullable ClientCallStreamObserver<LogPart> stream;
  private volatile boolean over;

  @Override
  public void beforeStart(ClientCallStreamObserver<LogPart> call) {
    stream = call;
    call.setOnReadyHandler(wakes::release);
  }

  private ClientCallStreamObserver<LogPart> stream() {
    ClientCallStreamObserver<LogPart> started = stream;
    if (started == null) {
      throw new IllegalStateException("the call has not begun");
    }
    return started;
  }

  /** Waits until the server takes more; false when it never will. */
  boolean awaitReady() throws InterruptedException {
    while (!over && !stream().isReady()) {
      wakes.acquire();
    }
    return !over;
  }

  void send(LogPart part) {
    if (!over) {
      stream().onNext(part);
    }
  }

  /** Sends the last part. */
  void finish(LogPart part) {
    send(part);
    complete();
  }

  void complete() {
    if (!over) {
      stream().onCompleted();
    }
  }

  /** Waits for that time at most; not, when the call is over. */
  void rest(long millis) throws InterruptedException {
    boolean _ = wakes.tryAcquire(millis, TimeUnit.MILLISECONDS);
  }

  /** Waits until the server has ended the call. */
  void awaitOver() throws InterruptedException {
    while (!over) {
      wakes.acquire();
    }
  }

  @Override
  public void onNext(LogResponse response) {
    // That the call ends says it all.
  }

  @Override
  public void onError(Throwable failure) {
    over = true;
    wakes.release();
  }

  @Override
  public void onCompleted() {
    over = true;
    wakes.release();
  }
}
