package io.easyagent.sidecar.journal;

import io.easyagent.sidecar.agent.AgentId;
import io.easyagent.sidecar.agent.AgentRecord;
import io.easyagent.sidecar.operation.OperationId;
import io.easyagent.sidecar.operation.OperationResult;
import io.easyagent.sidecar.operation.TakenCommand;
import java.time.Instant;
import java.util.UUID;

/**
 * One fact in the journal. Entries that are appended together become durable together or not at
 * all.
 */
public sealed interface JournalEntry {

  /** Before anything is done for it. */
  record CommandTaken(TakenCommand command) implements JournalEntry {}

  /**
   * A step of an operation is about to run; a resumed operation goes on at it.
   *
   * @param note what the step must find again, for example a task's id; may be empty
   */
  record StepReached(OperationId operation, String step, String note) implements JournalEntry {}

  /**
   * Together with the {@link EventQueued} that reports it. Of an operation of the host's own, which
   * nobody is told of, alone; it is forgotten once it is settled.
   */
  record OperationEnded(OperationId operation, OperationResult result) implements JournalEntry {}

  /** The server holds it finished, or it is old: it will not be sent again. */
  record OperationForgotten(OperationId operation) implements JournalEntry {}

  record AgentKept(AgentRecord agent) implements JournalEntry {}

  record AgentForgotten(AgentId agent) implements JournalEntry {}

  /**
   * @param number one above the incarnation's last
   */
  record EventQueued(long number, Instant occurredAt, OutboxEvent event) implements JournalEntry {}

  /** Replaced or dropped before it was sent. */
  record EventDropped(long number) implements JournalEntry {}

  /**
   * What is queued under that number is another event now, in the same place: a {@link
   * OutboxEvent.Gap} for the plain events that were dropped up to there.
   */
  record EventReplaced(long number, OutboxEvent event) implements JournalEntry {}

  /** The server has committed everything up to this number. */
  record EventsAcknowledged(long number) implements JournalEntry {}

  /** A new numbering begins; what is queued is numbered anew in its order, from 1. */
  record IncarnationStarted(UUID incarnation) implements JournalEntry {}

  /**
   * @param nonce hexadecimal; to be presented when the next session opens
   * @param generation hexadecimal
   */
  record SessionOpened(long epoch, String nonce, String generation) implements JournalEntry {}
}
