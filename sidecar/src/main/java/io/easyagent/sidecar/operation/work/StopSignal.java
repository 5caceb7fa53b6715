package io.easyagent.sidecar.operation.work;

import io.easyagent.sidecar.prepare.StoppedException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;

/** How running work learns that it is to stop. Thread-safe; asked once, it stays asked. */
final class StopSignal {
  private final List<Consumer<StopCause>> listeners = new ArrayList<>();
  private Optional<StopCause> asked = Optional.empty();

  /** Work that may be interrupted at any point. */
  interface Interruptible {
    void run() throws Exception;
  }

  void ask(StopCause cause) {
    synchronized (this) {
      if (asked.isPresent()) {
        return;
      }
      asked = Optional.of(cause);
      // Under the lock: a listener that was closed is never called after.
      listeners.forEach(listener -> listener.accept(cause));
    }
  }

  synchronized boolean isAsked() {
    return asked.isPresent();
  }

  void check() throws StoppedException {
    if (isAsked()) {
      throw new StoppedException();
    }
  }

  /** Called at most once, at once when the signal was given already. Must not block. */
  synchronized Listening onAsked(Consumer<StopCause> listener) {
    if (asked.isPresent()) {
      listener.accept(asked.get());
      return () -> {};
    }
    listeners.add(listener);
    return () -> {
      synchronized (this) {
        listeners.remove(listener);
      }
    };
  }

  interface Listening extends AutoCloseable {
    @Override
    void close();
  }

  /** Waits for the stage, or until asked to stop. */
  <T> T await(CompletionStage<T> stage) throws StoppedException, InterruptedException {
    CompletableFuture<T> ended = new CompletableFuture<>();
    stage.whenComplete((value, failure) -> {
      if (failure == null) {
        ended.complete(value);
      } else {
        ended.completeExceptionally(failure);
      }
    });
    try (Listening ignored = onAsked(_ -> ended.completeExceptionally(new StoppedException()))) {
      return ended.get();
    } catch (ExecutionException failed) {
      if (failed.getCause() instanceof StoppedException stopped) {
        throw stopped;
      }
      throw new IllegalStateException(failed.getCause());
    }
  }

  /** Runs work whose thread is interrupted when it is to stop; no interrupt is left behind. */
  void interrupting(Interruptible work) throws Exception {
    Thread worker = Thread.currentThread();
    try (Listening ignored = onAsked(_ -> worker.interrupt())) {
      work.run();
    } catch (Exception failed) {
      // An interrupt has many faces: channels that close, wrapped causes.
      check();
      throw failed;
    } finally {
      if (isAsked()) {
        Thread.interrupted();
      }
    }
  }
}
