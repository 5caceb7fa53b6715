package io.easyagent.sidecar.journal;

import io.easyagent.sidecar.agent.AgentId;
import io.easyagent.sidecar.agent.AgentRecord;
import io.easyagent.sidecar.operation.OperationId;
import io.easyagent.sidecar.operation.OperationResult;
import io.easyagent.sidecar.operation.TakenCommand;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.UUID;

/**
 * What the journal's entries add up to. An immutable view of one moment.
 *
 * @param agents in the order in which they came
 * @param operations known operations in the order in which they were taken
 * @param outbox queued events by number, ascending, not yet acknowledged
 * @param lastNumber the highest number given out in this incarnation; 0 when none was
 */
public record JournalState(
    SequencedMap<AgentId, AgentRecord> agents,
    SequencedMap<OperationId, KnownOperation> operations,
    SequencedMap<Long, QueuedEvent> outbox,
    UUID incarnation,
    long lastNumber,
    Optional<JournalEntry.SessionOpened> session) {

  public JournalState {
    agents = Collections.unmodifiableSequencedMap(agents);
    operations = Collections.unmodifiableSequencedMap(operations);
    outbox = Collections.unmodifiableSequencedMap(outbox);
  }

  /** The state of a journal whose first entry started the incarnation. */
  public static JournalState empty(UUID incarnation) {
    return new JournalState(
        new LinkedHashMap<>(),
        new LinkedHashMap<>(),
        new LinkedHashMap<>(),
        incarnation,
        0,
        Optional.empty());
  }

  /**
   * The state after one more entry.
   *
   * @throws IllegalArgumentException when the entry does not fit this state
   */
  public JournalState apply(JournalEntry entry) {
    return applyAll(List.of(entry));
  }

  /** The state after the entries, in their order; fails as {@link #apply} does. */
  public JournalState applyAll(List<JournalEntry> entries) {
    JournalFold fold = new JournalFold(this);
    entries.forEach(fold::apply);
    return fold.state();
  }

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
