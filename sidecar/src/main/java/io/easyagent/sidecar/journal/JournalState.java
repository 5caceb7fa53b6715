package io.easyagent.sidecar.journal;

import io.easyagent.sidecar.agent.AgentId;
import io.easyagent.sidecar.agent.AgentRecord;
import io.easyagent.sidecar.operation.OperationId;
import io.easyagent.sidecar.operation.OperationResult;
import io.easyagent.sidecar.operation.TakenCommand;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.UUID;

/**
 * What the journal's entries add up to. An immutable view of one moment.
 *
 * @param operations known operations in the order in which they were taken
 * @param outbox queued events by number, ascending, not yet acknowledged
 * @param lastNumber the highest number given out in this incarnation; 0 when none was
 */
public record JournalState(
    Map<AgentId, AgentRecord> agents,
    SequencedMap<OperationId, KnownOperation> operations,
    SequencedMap<Long, QueuedEvent> outbox,
    UUID incarnation,
    long lastNumber,
    Optional<JournalEntry.SessionOpened> session) {

  /**
   * @param step where to resume; empty when no step was reached
   * @param result present once it has ended
   */
  public record KnownOperation(
      TakenCommand command,
      Optional<JournalEntry.StepReached> step,
      Optional<OperationResult> result) {}

  public record QueuedEvent(long number, Instant occurredAt, OutboxEvent event) {}
}
