package io.easyagent.server.store;

import io.easyagent.server.problem.ErrorCode;
import io.easyagent.server.problem.RefusedException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One thread, one connection: takes what has queued up, commits it at once, then answers. */
final class GroupWriter implements Writer, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(GroupWriter.class);
  static final int MOST_WAITING = 50_000;
  private static final int MOST_IN_GROUP = 512;

  /**
   * A work may be a report of hundreds of events: what comes after a group does not wait for a
   * hundred thousand of them.
   */
  static final int MOST_PARTS_IN_GROUP = 1024;

  private final Connector connector;
  private final Path file;
  private final BlockingQueue<Request<?>> waiting = new LinkedBlockingQueue<>(MOST_WAITING);
  private final Thread thread;
  private volatile boolean closing;
  private @Nullable WritingConnection connection;

  /** Opens the writer's connection. */
  @FunctionalInterface
  interface Connector {
    WritingConnection connect() throws SQLException;
  }

  GroupWriter(Connector connector, Path file) throws SQLException {
    this.connector = connector;
    this.file = file;
    this.connection = connector.connect();
    this.thread = Thread.ofPlatform().name("store-writer").start(this::loop);
  }

  @Override
  public <T> Future<T> submit(Work<T> work) {
    return queue(work);
  }

  private <T> CompletableFuture<T> queue(Work<T> work) {
    Request<T> request = new Request<>(work);
    if (closing) {
      request.fail(stopping());
      request.answer();
    } else if (!waiting.offer(request)) {
      request.fail(
          new RefusedException(
              ErrorCode.TOO_MANY_REQUESTS,
              "the store is too busy: %d writes wait for it (expected: fewer; try again in a moment)"
                  .formatted(MOST_WAITING)));
      request.answer();
    }
    return request.future;
  }

  @Override
  public <T> T write(Work<T> work) {
    try {
      return queue(work).join();
    } catch (CompletionException failed) {
      if (failed.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw failed;
    }
  }

  private static RefusedException stopping() {
    return new RefusedException(ErrorCode.UNAVAILABLE, "the server is stopping");
  }

  int waitingWorks() {
    return waiting.size();
  }

  private void loop() {
    while (true) {
      Request<?> first;
      try {
        first = waiting.take();
      } catch (InterruptedException closed) {
        first = waiting.poll();
        if (first == null) {
          return;
        }
        Thread.currentThread().interrupt();
      }
      boolean interrupted = Thread.interrupted();
      commit(first);
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** The first with as many of those that wait as a group may have. */
  private void commit(Request<?> first) {
    List<Request<?>> group = new ArrayList<>();
    group.add(first);
    try {
      WritingConnection open = connected();
      open.handle().begin();
      int parts = first.run(open);
      while (group.size() < MOST_IN_GROUP && parts < MOST_PARTS_IN_GROUP) {
        Request<?> next = waiting.poll();
        if (next == null) {
          break;
        }
        group.add(next);
        parts += next.run(open);
      }
      open.handle().commit();
      group.forEach(Request::committed);
    } catch (Exception failure) {
      log.error("store group failed works={}", group.size(), failure);
      disconnect();
      RefusedException refusal = StoreFailure.refusal(failure, file);
      group.forEach(request -> request.fail(refusal));
    }
    group.forEach(request -> request.answer());
  }

  private WritingConnection connected() throws SQLException {
    WritingConnection open = connection;
    if (open == null) {
      open = connector.connect();
      connection = open;
    }
    return open;
  }

  /** After a failure the connection's state is not known: the next group gets a new one. */
  private void disconnect() {
    WritingConnection open = connection;
    connection = null;
    if (open == null) {
      return;
    }
    try {
      open.handle().rollback();
    } catch (RuntimeException alreadyUndone) {
      log.debug("rollback after a failed group", alreadyUndone);
    }
    try {
      open.close();
    } catch (RuntimeException unusable) {
      log.warn("closing a failed connection: {}", unusable.toString());
    }
  }

  @Override
  public void close() {
    closing = true;
    thread.interrupt();
    try {
      thread.join();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return;
    }
    // a submit that passed the check while this closed
    for (Request<?> late = waiting.poll(); late != null; late = waiting.poll()) {
      late.fail(stopping());
      late.answer();
    }
    disconnect();
  }

  /** A work with its fate. */
  private static final class Request<T> {
    private final Work<T> work;
    private final CompletableFuture<T> future = new CompletableFuture<>();
    private List<Runnable> afterCommit = List.of();
    private @Nullable T result;
    private @Nullable Throwable failure;

    Request(Work<T> work) {
      this.work = work;
    }

    /**
     * Throws only when the store itself failed.
     *
     * @return how many parts it had
     */
    int run(WritingConnection connection) {
      Transaction transaction = Transaction.writing(connection);
      Savepoint before = connection.work();
      before.set();
      try {
        result = work.run(transaction);
        afterCommit = transaction.committedActions();
        before.release();
      } catch (RuntimeException | Error thrown) {
        if (StoreFailure.isOne(thrown)) {
          throw thrown;
        }
        failure = thrown;
        before.undo();
      }
      return transaction.parts();
    }

    void fail(Throwable reason) {
      failure = reason;
      afterCommit = List.of();
    }

    void committed() {
      for (Runnable action : afterCommit) {
        try {
          action.run();
        } catch (RuntimeException wrong) {
          log.error("an action after a commit failed", wrong);
        }
      }
    }

    /** Wakes who waits, and does nothing more: nobody can make the future's answer do anything. */
    void answer() {
      Throwable reason = failure;
      if (reason != null) {
        future.completeExceptionally(reason);
      } else {
        future.complete(result);
      }
    }
  }
}
