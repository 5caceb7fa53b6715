package io.easyagent.api.client;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Flow.Publisher;
import java.util.concurrent.Flow.Subscriber;
import java.util.concurrent.Flow.Subscription;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * An answer's body, read piece by piece by one thread, which asks for the next piece when it wants
 * it and may give up waiting: a dead link says nothing.
 */
final class ByteStream implements Subscriber<List<ByteBuffer>>, AutoCloseable {
  private static final Duration ERROR_PATIENCE = Duration.ofSeconds(10);

  private sealed interface Piece {
    record Bytes(List<ByteBuffer> buffers) implements Piece {}

    record Failed(Throwable cause) implements Piece {}

    record End() implements Piece {}
  }

  private final LinkedBlockingQueue<Piece> pieces = new LinkedBlockingQueue<>();
  private volatile @Nullable Subscription subscription;
  private volatile boolean closed;

  /** Reads all, or as much as the limit allows. */
  static byte[] readAll(Publisher<List<ByteBuffer>> body, int limit) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    try (ByteStream stream = new ByteStream()) {
      body.subscribe(stream);
      for (var next = stream.next(ERROR_PATIENCE);
          next.isPresent();
          next = stream.next(ERROR_PATIENCE)) {
        for (ByteBuffer buffer : next.get()) {
          byte[] bytes = new byte[Math.min(buffer.remaining(), limit - all.size())];
          buffer.get(bytes);
          all.writeBytes(bytes);
        }
        if (all.size() >= limit) {
          break;
        }
      }
    } catch (IOException incomplete) {
      return all.toByteArray();
    } catch (InterruptedException interrupt) {
      Thread.currentThread().interrupt();
    }
    return all.toByteArray();
  }

  /**
   * The next piece; empty at the end.
   *
   * @throws IOException when the connection broke or nothing came in time
   */
  Optional<List<ByteBuffer>> next(Duration patience) throws IOException, InterruptedException {
    Piece piece = pieces.poll(patience.toMillis(), TimeUnit.MILLISECONDS);
    if (piece == null) {
      throw new IOException("nothing heard for " + patience.toSeconds() + " s");
    }
    return switch (piece) {
      case Piece.Bytes(List<ByteBuffer> buffers) -> {
        Subscription current = subscription;
        if (current != null) {
          current.request(1);
        }
        yield Optional.of(buffers);
      }
      case Piece.Failed(Throwable cause) -> throw new IOException("connection lost", cause);
      case Piece.End() -> Optional.empty();
    };
  }

  @Override
  public void onSubscribe(Subscription given) {
    subscription = given;
    if (closed) {
      given.cancel();
    } else {
      given.request(1);
    }
  }

  @Override
  public void onNext(List<ByteBuffer> buffers) {
    pieces.add(new Piece.Bytes(buffers));
  }

  @Override
  public void onError(Throwable cause) {
    pieces.add(new Piece.Failed(cause));
  }

  @Override
  public void onComplete() {
    pieces.add(new Piece.End());
  }

  @Override
  public void close() {
    closed = true;
    Subscription current = subscription;
    if (current != null) {
      current.cancel();
    }
  }
}
