package io.easyagent.cli.batch;

import io.easyagent.api.Operation;
import io.easyagent.api.client.BatchUpdate;
import io.easyagent.api.client.ClientException;
import io.easyagent.api.client.EasyAgentClient;
import io.easyagent.api.client.Watch;
import io.easyagent.api.client.WatchSignal;
import io.easyagent.cli.console.Line;
import io.easyagent.cli.session.Interrupts;
import io.easyagent.cli.session.Session;
import java.time.Duration;
import java.util.Optional;

/** Waits for one operation: its batch is watched, and the operation asked for when that moves. */
final class OperationWait {
  private static final Duration STEP = Duration.ofSeconds(5);

  private final Session session;
  private final EasyAgentClient client;
  private final Optional<Duration> timeout;
  private final long started;
  private Operation operation;

  OperationWait(
      Session session, EasyAgentClient client, Operation operation, Optional<Duration> timeout) {
    this.session = session;
    this.client = client;
    this.operation = operation;
    this.timeout = timeout;
    this.started = session.nanoTime();
  }

  /** The operation as it ended, or as it is when the limit comes first. */
  Operation await() {
    if (operation.state().finished()) {
      return operation;
    }
    try (Interrupts.Scope _ = session.interrupts().during(this::sayDetached);
        Watch<BatchUpdate> watch = client.watchBatch(operation.batchId().toString())) {
      // Asked again now that it is watched: what ended in between would never be told.
      ask();
      while (!operation.state().finished()) {
        Duration left =
            timeout.map(limit -> limit.minusNanos(session.nanoTime() - started)).orElse(STEP);
        if (!left.isPositive()) {
          sayDetached();
          return operation;
        }
        session.console().live(Line.of(operation.hostName() + ": " + operation.state()));
        Optional<WatchSignal<BatchUpdate>> signal =
            watch.poll(left.compareTo(STEP) < 0 ? left : STEP);
        signal.ifPresent(this::take);
      }
      return operation;
    } catch (InterruptedException interrupt) {
      Thread.currentThread().interrupt();
      return operation;
    } finally {
      session.console().endLive();
    }
  }

  private void take(WatchSignal<BatchUpdate> signal) {
    switch (signal) {
      case WatchSignal.Item<BatchUpdate>(BatchUpdate.Finished(Operation other)) -> {
        if (other.id().equals(operation.id())) {
          ask();
        }
      }
      case WatchSignal.Item<BatchUpdate>(BatchUpdate.Progress _) -> ask();
      case WatchSignal.Ended<BatchUpdate> _ -> ask();
      case WatchSignal.Resumed<BatchUpdate> _ -> session.console().note("server is back");
      case WatchSignal.Lost<BatchUpdate>(String why) ->
          session.console().note("server out of reach (" + why + "); waiting for it");
      case WatchSignal.Failed<BatchUpdate>(ClientException why) -> throw why;
    }
  }

  private void ask() {
    operation = client.operation(operation.id().toString());
  }

  private void sayDetached() {
    session.console().endLive();
    session.console().note("not finished yet; the operation goes on");
    session.console().note("  watch:  easyagent operation watch " + operation.id());
    session.console().note("  cancel: easyagent operation cancel " + operation.id());
  }
}
