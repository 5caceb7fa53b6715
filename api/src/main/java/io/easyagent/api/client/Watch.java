package io.easyagent.api.client;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * Follows something on the server. A broken connection is opened again, with growing pauses, from
 * where it broke, until the watch is closed. One thread polls; any may close.
 */
public final class Watch<T> implements AutoCloseable {
  /** The server is to say something, if only a comment, at least three times in this. */
  private static final Duration SILENCE = Duration.ofSeconds(60);

  private static final Duration FIRST_PAUSE = Duration.ofMillis(250);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);
  private static final int AHEAD = 256;
  private static final int FEW_AHEAD = 4;
  private static final String END = "end";

  private final Transport transport;
  private final String target;
  private final Function<SseEvent, Optional<T>> decoder;
  private final BlockingQueue<WatchSignal<T>> signals;
  private final boolean mustBegin;
  private final Thread reader;
  private String lastId;
  private boolean ended;
  private boolean lost;
  private boolean begun;
  private Duration wait = FIRST_PAUSE;

  private Watch(
      Transport transport,
      String target,
      Optional<String> after,
      Function<SseEvent, Optional<T>> decoder,
      int ahead,
      boolean mustBegin) {
    this.transport = transport;
    this.target = target;
    this.decoder = decoder;
    this.signals = new ArrayBlockingQueue<>(ahead);
    this.mustBegin = mustBegin;
    this.lastId = after.orElse("");
    this.reader = Thread.ofVirtual().name("watch").unstarted(this::read);
  }

  static <T> Watch<T> start(
      Transport transport,
      String target,
      Optional<String> after,
      Function<SseEvent, Optional<T>> decoder) {
    return started(new Watch<>(transport, target, after, decoder, AHEAD, false));
  }

  /**
   * For large items: few are held for one who does not poll, and the server holds the rest back. It
   * fails when it does not begin, whatever the reason; once begun, it comes back like every other.
   */
  static <T> Watch<T> startLarge(
      Transport transport, String target, Function<SseEvent, Optional<T>> decoder) {
    return started(new Watch<>(transport, target, Optional.empty(), decoder, FEW_AHEAD, true));
  }

  private static <T> Watch<T> started(Watch<T> watch) {
    watch.reader.start();
    return watch;
  }

  /** The next signal; empty when none came in time. */
  public Optional<WatchSignal<T>> poll(Duration patience) throws InterruptedException {
    return Optional.ofNullable(signals.poll(patience.toNanos(), TimeUnit.NANOSECONDS));
  }

  /** Ends the watch; signals that were not polled are gone. */
  @Override
  public void close() {
    reader.interrupt();
  }

  private void read() {
    try {
      while (!ended && !transport.closed()) {
        try {
          readOnce();
          if (!ended) {
            lose("the server ended the stream");
          }
        } catch (IOException broken) {
          lose(String.valueOf(broken.getMessage()));
        } catch (ConnectionException failure) {
          if (failure.reason() != ConnectionException.Reason.unreachable || cannotBegin()) {
            fail(failure);
          } else {
            lose(failure.getMessage());
          }
        } catch (ProblemException problem) {
          boolean passing = problem.problem().status() >= 500 || problem.problem().status() == 429;
          if (!passing || cannotBegin()) {
            fail(problem);
          } else {
            lose(problem.getMessage());
          }
        } catch (UnexpectedAnswerException failure) {
          fail(failure);
        }
        if (!ended) {
          transport.pause().upTo(wait);
          wait = min(wait.multipliedBy(2), LONGEST_PAUSE);
        }
      }
    } catch (InterruptedException closed) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean cannotBegin() {
    return mustBegin && !begun;
  }

  private void readOnce() throws IOException, InterruptedException {
    Request request = Request.get(target).with("Cache-Control", "no-store");
    if (!lastId.isEmpty()) {
      request = request.with("Last-Event-ID", lastId);
    }
    var body = transport.open(request);
    begun = true;
    try (ByteStream stream = new ByteStream()) {
      body.subscribe(stream);
      if (lost) {
        lost = false;
        signals.put(new WatchSignal.Resumed<>());
      }
      SseParser parser = new SseParser(lastId);
      List<SseEvent> events = new ArrayList<>();
      for (var next = stream.next(SILENCE); next.isPresent(); next = stream.next(SILENCE)) {
        wait = FIRST_PAUSE;
        for (ByteBuffer buffer : next.get()) {
          parser.feed(buffer, events::add);
        }
        for (SseEvent event : events) {
          take(event);
          if (ended) {
            return;
          }
        }
        events.clear();
      }
    }
  }

  private void take(SseEvent event) throws InterruptedException {
    if (event.name().equals(END)) {
      ended = true;
      signals.put(new WatchSignal.Ended<>());
      return;
    }
    Optional<T> value = decoder.apply(event);
    if (value.isPresent()) {
      signals.put(new WatchSignal.Item<>(value.get()));
    }
    lastId = event.lastId();
  }

  private void lose(String why) throws InterruptedException {
    if (!lost) {
      lost = true;
      signals.put(new WatchSignal.Lost<>(why));
    }
  }

  private void fail(ClientException why) throws InterruptedException {
    ended = true;
    signals.put(new WatchSignal.Failed<>(why));
  }

  private static Duration min(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }
}
