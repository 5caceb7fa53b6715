package io.easyagent.sidecar.journal;

import io.easyagent.sidecar.agent.AgentId;
import io.easyagent.sidecar.journal.JournalEntry.EventDropped;
import io.easyagent.sidecar.journal.JournalEntry.EventQueued;
import io.easyagent.sidecar.journal.JournalEntry.EventReplaced;
import io.easyagent.sidecar.journal.JournalEntry.EventsAcknowledged;
import io.easyagent.sidecar.journal.JournalEntry.IncarnationStarted;
import io.easyagent.sidecar.journal.JournalEntry.OperationForgotten;
import io.easyagent.sidecar.journal.JournalState.QueuedEvent;
import io.easyagent.sidecar.journal.OutboxEvent.AgentHappened;
import io.easyagent.sidecar.journal.OutboxEvent.AgentReported;
import io.easyagent.sidecar.journal.OutboxEvent.Gap;
import io.easyagent.sidecar.journal.OutboxEvent.OperationFinished;
import io.easyagent.sidecar.operation.OperationId;
import io.easyagent.sidecar.operation.OperationResult;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/**
 * The rules of the durable outbox, as entries for the decision of a {@link Journal#append}. They
 * are computed from the state that the entries will follow and can be appended together with other
 * entries of the same decision.
 */
public final class Outbox {
  /** Plain events beyond this many are dropped, the oldest first. */
  public static final int MOST_PLAIN_EVENTS = 2_000;

  /** Characters of a plain event's message; what is longer is cut. */
  public static final int LONGEST_MESSAGE = 1_024;

  /** Ended operations whose result the server has, kept to recognise them. */
  public static final int REPORTED_OPERATIONS_KEPT = 64;

  /** So many at once, so that a full outbox is not searched for each new event. */
  private static final int DROPPED_AT_ONCE = MOST_PLAIN_EVENTS / 4;

  private static final int LONGEST_KIND = 64;

  private Outbox() {}

  /**
   * Queues events in their order. An older report of the same agent is dropped for a newer one.
   * When plain events fill their space, the oldest are dropped and a {@link Gap} with their number
   * takes the place of the last of them; nothing else is ever dropped. Of operations of the host's
   * own nothing is queued: no server knows of them.
   */
  public static List<JournalEntry> queue(JournalState state, Instant now, List<OutboxEvent> told) {
    List<OutboxEvent> events = told.stream().filter(event -> !isOfHostsOperation(event)).toList();
    List<JournalEntry> entries = new ArrayList<>();
    Set<AgentId> reported = new HashSet<>();
    long plain = 0;
    for (OutboxEvent event : events) {
      if (event instanceof AgentReported report) {
        reported.add(report.agent());
      }
      if (event instanceof AgentHappened) {
        plain++;
      }
    }
    for (QueuedEvent queued : state.outbox().values()) {
      if (queued.event() instanceof AgentReported older && reported.contains(older.agent())) {
        entries.add(new EventDropped(queued.number()));
      }
      if (queued.event() instanceof AgentHappened) {
        plain++;
      }
    }
    if (plain > MOST_PLAIN_EVENTS) {
      entries.addAll(dropOldest(state));
    }
    long number = state.lastNumber();
    for (OutboxEvent event : events) {
      number++;
      entries.add(new EventQueued(number, now, bounded(event)));
    }
    return entries;
  }

  private static boolean isOfHostsOperation(OutboxEvent event) {
    return switch (event) {
      case OutboxEvent.OperationStarted started -> started.operation().isHosts();
      case OperationFinished finished -> finished.operation().isHosts();
      case AgentReported report -> false;
      case OutboxEvent.AgentRemoved removed -> false;
      case AgentHappened happened -> false;
      case Gap gap -> false;
    };
  }

  /** Queues one event. */
  public static List<JournalEntry> queue(JournalState state, Instant now, OutboxEvent event) {
    return queue(state, now, List.of(event));
  }

  /**
   * Drops what the server holds, and forgets the oldest of the ended operations whose results it
   * holds. Nothing when the number acknowledges nothing new.
   */
  public static List<JournalEntry> acknowledge(JournalState state, long committedNumber) {
    if (state.outbox().isEmpty() || state.outbox().firstEntry().getKey() > committedNumber) {
      return List.of();
    }
    List<JournalEntry> entries = new ArrayList<>();
    entries.add(new EventsAcknowledged(committedNumber));
    Set<OperationId> unreported = new HashSet<>();
    for (QueuedEvent queued : state.outbox().values()) {
      if (queued.number() > committedNumber
          && queued.event() instanceof OperationFinished finished) {
        unreported.add(finished.operation());
      }
    }
    List<OperationId> reported =
        state.operations().entrySet().stream()
            .filter(known -> known.getValue().result().isPresent())
            .map(known -> known.getKey())
            .filter(id -> !unreported.contains(id))
            .toList();
    int surplus = reported.size() - REPORTED_OPERATIONS_KEPT;
    for (int index = 0; index < surplus; index++) {
      entries.add(new OperationForgotten(reported.get(index)));
    }
    return entries;
  }

  /**
   * Forgets operations that the server holds finished; what it does not hold finished here, or has
   * a result that is still queued, is kept.
   */
  public static List<JournalEntry> forget(JournalState state, List<OperationId> finished) {
    Set<OperationId> unreported = new HashSet<>();
    for (QueuedEvent queued : state.outbox().values()) {
      if (queued.event() instanceof OperationFinished event) {
        unreported.add(event.operation());
      }
    }
    List<JournalEntry> entries = new ArrayList<>();
    for (OperationId id : finished) {
      var known = state.operations().get(id);
      if (known != null && known.result().isPresent() && !unreported.contains(id)) {
        entries.add(new OperationForgotten(id));
      }
    }
    return entries;
  }

  /**
   * The end of an operation that never ran and never will: FAILED, with the reason. Nothing when
   * the operation is known, or its end is queued already.
   */
  public static List<JournalEntry> refuse(
      JournalState state, Instant now, OperationId operation, String generation, String reason) {
    if (state.operations().containsKey(operation) || isEndQueued(state, operation)) {
      return List.of();
    }
    return queue(
        state,
        now,
        new OperationFinished(operation, generation, OperationResult.refused(reason, now)));
  }

  /** Whether the end of the operation waits to be sent. */
  public static boolean isEndQueued(JournalState state, OperationId operation) {
    return state.outbox().values().stream()
        .anyMatch(queued ->
            queued.event() instanceof OperationFinished finished
                && finished.operation().equals(operation));
  }

  /** Begins a new numbering: the server holds higher numbers than this host has given out. */
  public static List<JournalEntry> startIncarnation(UUID incarnation) {
    return List.of(new IncarnationStarted(incarnation));
  }

  private static List<JournalEntry> dropOldest(JournalState state) {
    List<QueuedEvent> victims = new ArrayList<>();
    long dropped = 0;
    int plain = 0;
    for (QueuedEvent queued : state.outbox().values()) {
      if (plain == DROPPED_AT_ONCE) {
        break;
      }
      switch (queued.event()) {
        case AgentHappened happened -> {
          victims.add(queued);
          dropped++;
          plain++;
        }
        case Gap gap -> {
          victims.add(queued);
          dropped += gap.dropped();
        }
        case OutboxEvent.OperationStarted started -> {}
        case OperationFinished finished -> {}
        case AgentReported report -> {}
        case OutboxEvent.AgentRemoved removed -> {}
      }
    }
    List<JournalEntry> entries = new ArrayList<>();
    if (victims.isEmpty()) {
      return entries;
    }
    for (QueuedEvent victim : victims.subList(0, victims.size() - 1)) {
      entries.add(new EventDropped(victim.number()));
    }
    entries.add(new EventReplaced(victims.getLast().number(), new Gap(dropped)));
    return entries;
  }

  private static OutboxEvent bounded(OutboxEvent event) {
    return event instanceof AgentHappened(AgentId agent, String kind, String message)
        ? new AgentHappened(agent, cut(kind, LONGEST_KIND), cut(message, LONGEST_MESSAGE))
        : event;
  }

  private static String cut(String text, int longest) {
    return text.length() <= longest ? text : text.substring(0, longest);
  }
}
