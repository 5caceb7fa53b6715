package io.easyagent.server.session.rpc;

import com.google.protobuf.ByteString;
import io.easyagent.protocol.ArtifactChunk;
import io.easyagent.server.artifact.Archives.Archive;
import io.easyagent.server.problem.ErrorCode;
import io.easyagent.server.problem.Refusal;
import io.easyagent.server.transport.RpcStatus;
import io.grpc.stub.ServerCallStreamObserver;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Sends an archive as fast as the host takes it, and no faster. */
final class ArtifactSender {
  private static final int CHUNK = 64 * 1024;
  private static final long LONGEST_STALL_SECONDS = 120;

  private final ServerCallStreamObserver<ArtifactChunk> stream;
  private final BooleanSupplier allowed;
  private final Semaphore room = new Semaphore(0);

  /**
   * To be made before the call's handler returns.
   *
   * @param allowed asked before every chunk: a revoked host gets no more
   */
  ArtifactSender(ServerCallStreamObserver<ArtifactChunk> stream, BooleanSupplier allowed) {
    this.stream = stream;
    this.allowed = allowed;
    stream.setOnReadyHandler(room::release);
    stream.setOnCancelHandler(room::release);
  }

  /** Something has changed that the sender may be waiting for. */
  void lookAgain() {
    room.release();
  }

  /** Waits for the host and the disk; for a virtual thread. */
  void send(Archive archive, long offset) throws IOException, InterruptedException {
    if (offset < 0 || offset > archive.size()) {
      stream.onError(
          RpcStatus.of(
              new Refusal(
                  ErrorCode.BAD_REQUEST,
                  "offset: %d (expected: 0 to %d)".formatted(offset, archive.size()))));
      return;
    }
    try (FileChannel file = FileChannel.open(archive.file(), StandardOpenOption.READ)) {
      ByteBuffer buffer = ByteBuffer.allocate(CHUNK);
      long position = offset;
      while (position < archive.size()) {
        if (!mayGoOn()) {
          return;
        }
        buffer.clear();
        int read = file.read(buffer, position);
        if (read < 0) {
          throw new IOException(archive.file() + ": shorter than " + archive.size());
        }
        stream.onNext(
            ArtifactChunk.newBuilder()
                .setOffset(position)
                .setTotalSize(archive.size())
                .setData(ByteString.copyFrom(buffer.flip()))
                .build());
        position += read;
      }
      stream.onCompleted();
    }
  }

  private boolean mayGoOn() throws InterruptedException {
    while (!stream.isReady() && !stream.isCancelled() && allowed.getAsBoolean()) {
      if (!room.tryAcquire(LONGEST_STALL_SECONDS, TimeUnit.SECONDS)) {
        stream.onError(
            RpcStatus.of(new Refusal(ErrorCode.UNAVAILABLE, "the host takes nothing any more")));
        return false;
      }
    }
    if (stream.isCancelled()) {
      return false;
    }
    if (!allowed.getAsBoolean()) {
      stream.onError(
          RpcStatus.of(
              new Refusal(
                  ErrorCode.FORBIDDEN,
                  "this host's certificate is not good any more: it expired or was revoked")));
      return false;
    }
    return true;
  }
}
