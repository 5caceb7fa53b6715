package io.easyagent.sidecar.journal;

import io.easyagent.sidecar.agent.AgentId;
import io.easyagent.sidecar.agent.AgentRecord;
import io.easyagent.sidecar.journal.JournalEntry.AgentForgotten;
import io.easyagent.sidecar.journal.JournalEntry.AgentKept;
import io.easyagent.sidecar.journal.JournalEntry.CommandTaken;
import io.easyagent.sidecar.journal.JournalEntry.EventDropped;
import io.easyagent.sidecar.journal.JournalEntry.EventQueued;
import io.easyagent.sidecar.journal.JournalEntry.EventReplaced;
import io.easyagent.sidecar.journal.JournalEntry.EventsAcknowledged;
import io.easyagent.sidecar.journal.JournalEntry.IncarnationStarted;
import io.easyagent.sidecar.journal.JournalEntry.OperationEnded;
import io.easyagent.sidecar.journal.JournalEntry.OperationForgotten;
import io.easyagent.sidecar.journal.JournalEntry.SessionOpened;
import io.easyagent.sidecar.journal.JournalEntry.StepReached;
import io.easyagent.sidecar.journal.JournalState.KnownOperation;
import io.easyagent.sidecar.journal.JournalState.QueuedEvent;
import io.easyagent.sidecar.operation.OperationId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.UUID;

/** Adds entries to a state. Copies a map only once an entry changes it. For one thread. */
public final class JournalFold {
  private final Draft<AgentId, AgentRecord> agents;
  private final Draft<OperationId, KnownOperation> operations;
  private final Draft<Long, QueuedEvent> outbox;
  private UUID incarnation;
  private long lastNumber;
  private Optional<SessionOpened> session;

  public JournalFold(JournalState base) {
    agents = new Draft<>(base.agents());
    operations = new Draft<>(base.operations());
    outbox = new Draft<>(base.outbox());
    incarnation = base.incarnation();
    lastNumber = base.lastNumber();
    session = base.session();
  }

  /** The fold goes on from a copy, so the state stays as it is. */
  public JournalState state() {
    return new JournalState(
        agents.share(), operations.share(), outbox.share(), incarnation, lastNumber, session);
  }

  public void apply(JournalEntry entry) {
    switch (entry) {
      case CommandTaken taken -> take(taken);
      case StepReached reached -> reach(reached);
      case OperationEnded ended -> end(ended);
      case OperationForgotten(OperationId operation) -> operations.changed().remove(operation);
      case AgentKept(AgentRecord agent) -> agents.changed().put(agent.id(), agent);
      case AgentForgotten(AgentId agent) -> agents.changed().remove(agent);
      case EventQueued queued -> queue(queued);
      case EventReplaced(long number, OutboxEvent event) -> replace(number, event);
      case EventDropped(long number) -> outbox.changed().remove(number);
      case EventsAcknowledged(long number) -> acknowledge(number);
      case IncarnationStarted(UUID next) -> renumber(next);
      case SessionOpened opened -> session = Optional.of(opened);
    }
  }

  private void take(CommandTaken taken) {
    OperationId id = taken.command().id();
    if (operations.current().containsKey(id)) {
      throw new IllegalArgumentException("operation " + id + " is taken already");
    }
    operations
        .changed()
        .put(id, new KnownOperation(taken.command(), Optional.empty(), Optional.empty()));
  }

  private void reach(StepReached reached) {
    KnownOperation known = requireUnended(reached.operation());
    operations
        .changed()
        .put(
            reached.operation(),
            new KnownOperation(known.command(), Optional.of(reached), Optional.empty()));
  }

  private void end(OperationEnded ended) {
    KnownOperation known = requireUnended(ended.operation());
    operations
        .changed()
        .put(
            ended.operation(),
            new KnownOperation(known.command(), known.step(), Optional.of(ended.result())));
  }

  private KnownOperation requireUnended(OperationId id) {
    KnownOperation known = operations.current().get(id);
    if (known == null) {
      throw new IllegalArgumentException("operation " + id + " is not known");
    }
    if (known.result().isPresent()) {
      throw new IllegalArgumentException(
          "operation " + id + " has ended: " + known.result().get().outcome());
    }
    return known;
  }

  private void queue(EventQueued queued) {
    if (queued.number() != lastNumber + 1) {
      throw new IllegalArgumentException(
          "event number: " + queued.number() + " (expected: " + (lastNumber + 1) + ")");
    }
    lastNumber = queued.number();
    outbox
        .changed()
        .put(lastNumber, new QueuedEvent(lastNumber, queued.occurredAt(), queued.event()));
  }

  private void replace(long number, OutboxEvent event) {
    QueuedEvent queued = outbox.current().get(number);
    if (queued == null) {
      throw new IllegalArgumentException("event number: " + number + " (expected: a queued one)");
    }
    outbox.changed().put(number, new QueuedEvent(number, queued.occurredAt(), event));
  }

  /** What the server holds is not kept twice: a reported result loses its output here. */
  private void acknowledge(long number) {
    List<QueuedEvent> acknowledged =
        outbox.current().values().stream().filter(queued -> queued.number() <= number).toList();
    for (QueuedEvent queued : acknowledged) {
      outbox.changed().remove(queued.number());
      if (queued.event() instanceof OutboxEvent.OperationFinished finished) {
        KnownOperation known = operations.current().get(finished.operation());
        if (known != null && known.result().isPresent()) {
          operations
              .changed()
              .put(
                  finished.operation(),
                  new KnownOperation(
                      known.command(),
                      known.step(),
                      Optional.of(known.result().get().withoutOutput())));
        }
      }
    }
  }

  private void renumber(UUID next) {
    List<QueuedEvent> queued = new ArrayList<>(outbox.current().values());
    SequencedMap<Long, QueuedEvent> changed = outbox.changed();
    changed.clear();
    incarnation = next;
    lastNumber = 0;
    for (QueuedEvent event : queued) {
      lastNumber++;
      changed.put(lastNumber, new QueuedEvent(lastNumber, event.occurredAt(), event.event()));
    }
  }

  /** A map that is copied at its first change after it was handed out. */
  private static final class Draft<K, V> {
    private SequencedMap<K, V> entries;
    private boolean shared = true;

    Draft(SequencedMap<K, V> base) {
      entries = base;
    }

    SequencedMap<K, V> current() {
      return entries;
    }

    SequencedMap<K, V> changed() {
      if (shared) {
        entries = new LinkedHashMap<>(entries);
        shared = false;
      }
      return entries;
    }

    SequencedMap<K, V> share() {
      shared = true;
      return entries;
    }
  }
}
