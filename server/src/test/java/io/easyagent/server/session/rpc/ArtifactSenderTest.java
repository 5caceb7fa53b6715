package io.easyagent.server.session.rpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.easyagent.protocol.ArtifactChunk;
import io.easyagent.server.artifact.Archives.Archive;
import io.easyagent.testkit.Eventually;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ArtifactSenderTest {
  private static final int CHUNK = 64 * 1024;
  private static final int CHUNKS = 40;

  @TempDir private Path folder;
  private final FakeStream stream = new FakeStream();
  private final AtomicBoolean allowed = new AtomicBoolean(true);
  private Archive archive;
  private ArtifactSender sender;

  @BeforeEach
  void write() throws Exception {
    Path file = Files.write(folder.resolve("archive"), new byte[CHUNK * CHUNKS]);
    archive = new Archive(CHUNK * CHUNKS, file);
  }

  private Thread send() {
    sender = new ArtifactSender(stream, allowed::get);
    return Thread.ofVirtual()
        .start(() -> {
          try {
            sender.send(archive, 0);
          } catch (Exception failure) {
            stream.onError(failure);
          }
        });
  }

  private void awaitWaiting(Thread thread, int chunks) {
    Eventually.await(
        Duration.ofSeconds(10),
        "the sender waits after " + chunks + " chunks, it gave " + stream.chunks(),
        () -> thread.getState() == Thread.State.TIMED_WAITING && stream.chunks() == chunks);
  }

  /** However large the archive and however slow the host: what it has no room for is not read. */
  @Test
  void nothingIsGivenToAStreamThatHasNoRoom() throws Exception {
    Thread thread = send();
    awaitWaiting(thread, 0);
    stream.makeRoom(3);
    awaitWaiting(thread, 3);
    stream.makeRoom(1);
    awaitWaiting(thread, 4);
    assertEquals(0, stream.room());

    stream.makeRoom(CHUNKS);
    thread.join();

    assertEquals(CHUNKS, stream.chunks());
    assertEquals((long) CHUNK * CHUNKS, stream.bytes());
    assertTrue(stream.completed());
    assertFalse(stream.overrun(), "a chunk was given to a stream without room");
  }

  @Test
  void aHostThatGoesEndsIt() throws Exception {
    Thread thread = send();
    stream.makeRoom(2);
    awaitWaiting(thread, 2);

    stream.cancel();
    thread.join();

    assertEquals(2, stream.chunks());
    assertFalse(stream.completed());
  }

  @Test
  void aHostThatIsRemovedMeanwhileGetsNoMore() throws Exception {
    Thread thread = send();
    stream.makeRoom(2);
    awaitWaiting(thread, 2);

    allowed.set(false);
    stream.makeRoom(CHUNKS);
    thread.join();

    assertEquals(2, stream.chunks());
    assertEquals(
        Optional.of(Status.Code.PERMISSION_DENIED),
        stream.failure().map(Status::fromThrowable).map(Status::getCode));
  }

  @Test
  void aHostThatIsRemovedWhileItTakesNothingIsToldAtOnce() throws Exception {
    Thread thread = send();
    stream.makeRoom(2);
    awaitWaiting(thread, 2);

    allowed.set(false);
    sender.lookAgain();
    thread.join();

    assertEquals(
        Optional.of(Status.Code.PERMISSION_DENIED),
        stream.failure().map(Status::fromThrowable).map(Status::getCode));
  }

  /** A stream whose peer makes room for a number of chunks. */
  private static final class FakeStream extends ServerCallStreamObserver<ArtifactChunk> {
    private Runnable onReady = () -> {};
    private Runnable onCancel = () -> {};
    private Optional<Throwable> failure = Optional.empty();
    private int room;
    private int chunks;
    private long bytes;
    private boolean cancelled;
    private boolean completed;
    private boolean overrun;

    void makeRoom(int more) {
      synchronized (this) {
        room += more;
      }
      onReady.run();
    }

    void cancel() {
      synchronized (this) {
        cancelled = true;
      }
      onCancel.run();
    }

    synchronized int room() {
      return room;
    }

    synchronized int chunks() {
      return chunks;
    }

    synchronized long bytes() {
      return bytes;
    }

    synchronized boolean completed() {
      return completed;
    }

    synchronized boolean overrun() {
      return overrun;
    }

    synchronized Optional<Throwable> failure() {
      return failure;
    }

    @Override
    public synchronized boolean isReady() {
      return room > 0;
    }

    @Override
    public synchronized boolean isCancelled() {
      return cancelled;
    }

    @Override
    public synchronized void onNext(ArtifactChunk chunk) {
      overrun |= room == 0;
      room--;
      chunks++;
      bytes += chunk.getData().size();
    }

    @Override
    public synchronized void onError(Throwable thrown) {
      failure = Optional.of(thrown);
    }

    @Override
    public synchronized void onCompleted() {
      completed = true;
    }

    @Override
    public void setOnReadyHandler(Runnable handler) {
      onReady = handler;
    }

    @Override
    public void setOnCancelHandler(Runnable handler) {
      onCancel = handler;
    }

    @Override
    public void setCompression(String compression) {}

    @Override
    public void disableAutoInboundFlowControl() {}

    @Override
    public void request(int count) {}

    @Override
    public void setMessageCompression(boolean enable) {}
  }
}
