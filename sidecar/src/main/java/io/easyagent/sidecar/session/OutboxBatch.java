package io.easyagent.sidecar.session;

import io.easyagent.protocol.EventBatch;
import io.easyagent.protocol.NumberedEvent;
import io.easyagent.sidecar.journal.JournalState;
import io.easyagent.sidecar.journal.JournalState.QueuedEvent;
import io.easyagent.sidecar.wire.EventCodec;
import io.easyagent.sidecar.wire.Fields;
import java.util.Optional;

/** The head of the outbox as one message. */
final class OutboxBatch {
  static final int MOST_EVENTS = 500;
  static final int MOST_BYTES = 1 << 20;

  private OutboxBatch() {}

  /** Whether operations have started, and nothing else happened. */
  static boolean saysOnlyStarts(EventBatch batch) {
    return batch.getEventsList().stream().allMatch(event -> event.getEvent().hasOperationStarted());
  }

  /** Without a header; empty when nothing is queued. One event goes however large it is. */
  static Optional<EventBatch> next(JournalState state) {
    if (state.outbox().isEmpty()) {
      return Optional.empty();
    }
    EventBatch.Builder batch =
        EventBatch.newBuilder().setIncarnation(Fields.bytes(state.incarnation()));
    int bytes = 0;
    for (QueuedEvent queued : state.outbox().values()) {
      NumberedEvent event =
          NumberedEvent.newBuilder()
              .setNumber(queued.number())
              .setEvent(EventCodec.encode(queued.occurredAt(), queued.event()))
              .build();
      // Tags, length and header are small; a margin of 16 bytes each is more than they take.
      bytes += event.getSerializedSize() + 16;
      boolean full = batch.getEventsCount() == MOST_EVENTS || bytes > MOST_BYTES - 1_024;
      if (full && batch.getEventsCount() > 0) {
        break;
      }
      batch.addEvents(event);
    }
    return Optional.of(batch.build());
  }
}
