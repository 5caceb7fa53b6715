package io.easyagent.server.log;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * One agent's output on its way from the host to one reader. The host may send a part only when the
 * reader asks for one, so that at most one is held here. Each change of state happens once:
 *
 * <pre>
 * Asked → Flowing → Ended
 * Asked → Ended
 * </pre>
 *
 * Thread-safe; one thread reads.
 */
public final class LogStream implements AutoCloseable {
  private static final LogEnd.Broken LEFT = new LogEnd.Broken("nobody reads it any more");

  private sealed interface State {
    record Asked() implements State {}

    /**
     * @param owed the host was told to send a part, and has not yet
     */
    record Flowing(LogSender sender, boolean owed) implements State {}

    record Ended(LogEnd end) implements State {}
  }

  /** What a reader gets. */
  public sealed interface Next {
    record Part(LogPart part) implements Next {}

    /** There was none in time. */
    record Nothing() implements Next {}

    record Over(LogEnd end) implements Next {}
  }

  private final Runnable forget;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private State state = new State.Asked();
  private Optional<LogPart> held = Optional.empty();

  /**
   * @param forget run when the reader closes the stream
   */
  LogStream(Runnable forget) {
    this.forget = forget;
  }

  /**
   * The host has called, and sends a first part without being told to.
   *
   * @return false when it may not: it has called before, or nobody waits for it any more
   */
  public boolean begin(LogSender sender) {
    lock.lock();
    try {
      return switch (state) {
        case State.Asked _ -> {
          state = new State.Flowing(sender, true);
          yield true;
        }
        case State.Flowing _, State.Ended _ -> false;
      };
    } finally {
      lock.unlock();
    }
  }

  /**
   * A part has come.
   *
   * @return false when the stream has ended, or the host was not told to send one
   */
  public boolean put(LogPart part) {
    lock.lock();
    try {
      return switch (state) {
        case State.Flowing(LogSender sender, boolean owed) when owed -> {
          state = new State.Flowing(sender, false);
          held = Optional.of(part);
          changed.signalAll();
          yield true;
        }
        case State.Flowing _, State.Asked _, State.Ended _ -> false;
      };
    } finally {
      lock.unlock();
    }
  }

  /** Nothing more comes; what has come can still be read. Only the first end counts. */
  public void end(LogEnd end) {
    lock.lock();
    try {
      if (!(state instanceof State.Ended)) {
        state = new State.Ended(end);
        changed.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  /** As {@link #end}; also ends the host's call. */
  void stop(LogEnd.Broken end) {
    Optional<LogSender> sender;
    lock.lock();
    try {
      sender =
          state instanceof State.Flowing(LogSender flowing, boolean _)
              ? Optional.of(flowing)
              : Optional.empty();
      end(end);
    } finally {
      lock.unlock();
    }
    sender.ifPresent(call -> call.stop(end.reason()));
  }

  /** The next part: asks the host for it when there is none, and waits for at most that long. */
  public Next next(Duration patience) throws InterruptedException {
    askForMore().ifPresent(LogSender::more);
    lock.lock();
    try {
      long left = patience.toNanos();
      while (held.isEmpty() && !(state instanceof State.Ended) && left > 0) {
        left = changed.awaitNanos(left);
      }
      if (held.isPresent()) {
        LogPart part = held.get();
        held = Optional.empty();
        return new Next.Part(part);
      }
      return state instanceof State.Ended(LogEnd end) ? new Next.Over(end) : new Next.Nothing();
    } finally {
      lock.unlock();
    }
  }

  private Optional<LogSender> askForMore() {
    lock.lock();
    try {
      if (held.isEmpty()
          && state instanceof State.Flowing(LogSender sender, boolean owed)
          && !owed) {
        state = new State.Flowing(sender, true);
        return Optional.of(sender);
      }
      return Optional.empty();
    } finally {
      lock.unlock();
    }
  }

  /** The reader has gone: ends the host's call. */
  @Override
  public void close() {
    stop(LEFT);
    forget.run();
  }
}
