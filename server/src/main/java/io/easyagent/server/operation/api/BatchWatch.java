package io.easyagent.server.operation.api;

import io.easyagent.server.operation.Batch;
import io.easyagent.server.operation.BatchId;
import io.easyagent.server.operation.OperationChange;
import io.easyagent.server.operation.Operations;
import io.easyagent.server.transport.Answer;
import io.easyagent.server.transport.EventSink;
import io.easyagent.server.transport.Signal;
import io.easyagent.server.transport.Watchers;
import io.easyagent.server.transport.resource.OperationResources;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Tells how a batch goes on: operations in the order in which they finished, each once, and the
 * batch's counts when they changed. It reads on from the last operation that was written, so
 * nothing is held for a slow client, and a client that comes back misses nothing.
 */
final class BatchWatch implements Answer.Source {
  private static final int AT_ONCE = 200;
  private static final Duration PACE = Duration.ofMillis(100);
  private static final Duration HEARTBEAT = Duration.ofSeconds(15);

  private final Operations operations;
  private final BatchId id;
  private final Signal signal;
  private final Watchers watchers;
  private Optional<String> cursor;
  private Optional<Batch> told = Optional.empty();

  BatchWatch(
      Operations operations,
      BatchId id,
      Optional<String> lastEvent,
      Signal signal,
      Watchers watchers) {
    this.operations = operations;
    this.id = id;
    this.cursor = lastEvent.filter(text -> !text.isBlank());
    this.signal = signal;
    this.watchers = watchers;
  }

  @Override
  public void writeTo(EventSink sink) throws IOException, InterruptedException {
    try (var _ = operations.onChange(this::raise)) {
      follow(sink);
    } catch (IOException | InterruptedException | RuntimeException end) {
      throw end;
    } catch (Exception impossible) {
      throw new IllegalStateException(impossible);
    } finally {
      watchers.remove(signal);
    }
  }

  private void raise(List<OperationChange> changes) {
    if (changes.stream().anyMatch(change -> change.batch().equals(id))) {
      signal.raise();
    }
  }

  private void follow(EventSink sink) throws IOException, InterruptedException {
    while (!signal.closed()) {
      // The batch is read first: when it is finished, all its ends can be read after it.
      Optional<Batch> batch = operations.findBatch(id);
      boolean more = writeFinished(sink);
      if (!batch.equals(told) && batch.isPresent()) {
        sink.send("batch", OperationResources.of(batch.get()));
        told = batch;
      }
      if (batch.isEmpty() || (batch.get().finished() && !more)) {
        sink.send("end", java.util.Map.of());
        return;
      }
      if (!more) {
        signal.await(PACE, HEARTBEAT);
        sink.heartbeat();
      }
    }
  }

  /** Whether there may be more. */
  private boolean writeFinished(EventSink sink) throws IOException {
    List<Operations.Finished> finished = operations.finishedAfter(id, cursor, AT_ONCE);
    for (Operations.Finished each : finished) {
      sink.send("operation", each.cursor(), OperationResources.of(each.operation()));
      cursor = Optional.of(each.cursor());
    }
    return finished.size() == AT_ONCE;
  }
}
