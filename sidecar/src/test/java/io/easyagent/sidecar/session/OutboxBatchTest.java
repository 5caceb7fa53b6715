package io.easyagent.sidecar.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.easyagent.protocol.EventBatch;
import io.easyagent.sidecar.journal.JournalEntry;
import io.easyagent.sidecar.journal.JournalState;
import io.easyagent.sidecar.journal.OutboxEvent;
import io.easyagent.sidecar.operation.OperationResult;
import io.easyagent.sidecar.operation.Outcome;
import io.easyagent.sidecar.supervise.Tasks.Output;
import io.easyagent.sidecar.wire.Samples;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class OutboxBatchTest {

  @Test
  void anEmptyOutboxIsNoBatch() {
    assertEquals(Optional.empty(), OutboxBatch.next(JournalState.empty(new UUID(0, 1))));
  }

  @Test
  void aBatchHoldsAtMostSoManyEventsFromTheHead() {
    JournalState state =
        queued(
            Stream.generate(
                    () -> (OutboxEvent) new OutboxEvent.AgentHappened(Samples.AGENT, "k", "m"))
                .limit(700)
                .toList());

    EventBatch batch = OutboxBatch.next(state).orElseThrow();

    assertEquals(500, batch.getEventsCount());
    assertEquals(1, batch.getEvents(0).getNumber());
    assertEquals(500, batch.getEvents(499).getNumber());
  }

  @Test
  void aBatchIsAtMostAMebibyte() {
    JournalState state = queued(Stream.generate(() -> result(200 << 10)).limit(20).toList());

    EventBatch batch = OutboxBatch.next(state).orElseThrow();

    assertEquals(5, batch.getEventsCount());
    assertTrue(batch.getSerializedSize() <= 1 << 20);
  }

  @Test
  void startsAloneAreKnown() {
    OutboxEvent start = new OutboxEvent.OperationStarted(Samples.operation(1), Samples.GENERATION);

    assertTrue(
        OutboxBatch.saysOnlyStarts(OutboxBatch.next(queued(List.of(start, start))).orElseThrow()));
    assertFalse(
        OutboxBatch.saysOnlyStarts(
            OutboxBatch.next(queued(List.of(start, result(1)))).orElseThrow()));
  }

  @Test
  void oneLargeEventGoesAlone() {
    EventBatch batch = OutboxBatch.next(queued(List.of(result(2 << 20), result(1)))).orElseThrow();

    assertEquals(1, batch.getEventsCount());
  }

  private static OutboxEvent result(int bytes) {
    return new OutboxEvent.OperationFinished(
        Samples.operation(1),
        Samples.GENERATION,
        new OperationResult(
            Outcome.SUCCEEDED,
            "",
            Optional.empty(),
            new Output(new byte[bytes], new byte[0], bytes),
            Samples.MOMENT,
            Samples.MOMENT));
  }

  private static JournalState queued(List<OutboxEvent> events) {
    List<JournalEntry> entries = new ArrayList<>();
    for (OutboxEvent event : events) {
      entries.add(new JournalEntry.EventQueued(entries.size() + 1, Samples.MOMENT, event));
    }
    return JournalState.empty(new UUID(0, 1)).applyAll(entries);
  }
}
