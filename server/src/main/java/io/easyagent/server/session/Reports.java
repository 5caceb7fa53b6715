package io.easyagent.server.session;

import io.easyagent.server.agent.Agent;
import io.easyagent.server.agent.AgentId;
import io.easyagent.server.agent.AgentStore;
import io.easyagent.server.agent.DefinitionText;
import io.easyagent.server.fleet.HostId;
import io.easyagent.server.fleet.SessionStore;
import io.easyagent.server.fleet.SessionStore.Intake;
import io.easyagent.server.fleet.SessionStore.SessionRow;
import io.easyagent.server.operation.HostWord;
import io.easyagent.server.operation.OperationId;
import io.easyagent.server.problem.ErrorCode;
import io.easyagent.server.problem.RefusedException;
import io.easyagent.server.session.InventoryReport.HeldAgent;
import io.easyagent.server.store.Transaction;
import io.easyagent.server.store.Writer;
import io.easyagent.server.telemetry.EventLog;
import io.easyagent.server.telemetry.NewEvent;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes in what hosts report. A number and its effect are stored together, and acknowledged only
 * after the COMMIT. Methods wait for the store: call them on virtual threads.
 */
public final class Reports {
  private static final Logger log = LoggerFactory.getLogger(Reports.class);

  private final SessionStore sessions;
  private final AgentStore agents;
  private final HostWord operations;
  private final EventLog history;
  private final Writer writer;
  private final InstantSource clock;
  private final String generation;

  public Reports(
      SessionStore sessions,
      AgentStore agents,
      HostWord operations,
      EventLog history,
      Writer writer,
      InstantSource clock,
      String generation) {
    this.sessions = sessions;
    this.agents = agents;
    this.operations = operations;
    this.history = history;
    this.writer = writer;
    this.clock = clock;
    this.generation = generation;
  }

  /**
   * Stores what the host holds; commands flow only after this.
   *
   * @throws RefusedException CONFLICT when the epoch is not the host's latest
   */
  public InventoryAnswer inventory(HostId host, long epoch, InventoryReport report) {
    return writer.write(transaction -> {
      if (!sessions.putInventory(transaction, host, epoch, report.conditions())) {
        throw stale(epoch);
      }
      observe(transaction, host, report.agents());
      long forked = sessions.find(transaction, host).map(SessionRow::forkedEpoch).orElse(0L);
      List<OperationId> forgettable =
          operations.holds(transaction, host, epoch, forked, report.operations());
      OptionalLong committed =
          sessions.intake(transaction, host, epoch, report.incarnation()).committed();
      if (committed.isPresent() && report.lastNumber() < committed.getAsLong()) {
        return new InventoryAnswer(committed.getAsLong(), true, forgettable);
      }
      if (committed.isEmpty()) {
        sessions.putCommitted(transaction, host, report.incarnation(), 0, clock.instant());
      }
      return new InventoryAnswer(committed.orElse(0), false, forgettable);
    });
  }

  private void observe(Transaction transaction, HostId host, List<HeldAgent> held) {
    Set<AgentId> unseen = new HashSet<>(agents.idsOfHost(transaction, host));
    held.forEach(agent -> unseen.remove(agent.id()));
    for (HeldAgent agent : held) {
      if (agents.putObserved(transaction, agent.id(), host, agent.observed())) {
        if (agent.id().isHosts()) {
          agent
              .definition()
              .ifPresent(definition ->
                  agents.putHeld(
                      transaction,
                      agent.id(),
                      definition,
                      Math.max(1, agent.observed().revision()),
                      agent.observed().desired()));
        }
      } else {
        agent
            .definition()
            .ifPresent(definition -> {
              removeNamesake(transaction, host, definition.name(), unseen);
              adopt(transaction, host, agent, definition);
            });
      }
    }
    unseen.forEach(agent -> agents.clearObserved(transaction, agent));
  }

  /** A name is one agent's on a host: the host has put another one in the place of ours. */
  private void removeNamesake(
      Transaction transaction, HostId host, String name, Set<AgentId> unseen) {
    agents
        .find(transaction, host, name)
        .map(Agent::id)
        .filter(unseen::contains)
        .ifPresent(agent -> operations.removedAgent(transaction, host, agent));
  }

  /** An agent that this server does not know is taken on as it is, never removed. */
  private void adopt(
      Transaction transaction, HostId host, HeldAgent held, DefinitionText definition) {
    Optional<RuntimeException> failure =
        transaction.attempt(() -> {
          agents.insert(
              transaction,
              held.id(),
              host,
              definition,
              Math.max(1, held.observed().revision()),
              held.observed().desired());
          agents.putObserved(transaction, held.id(), host, held.observed());
          append(
              transaction,
              host,
              Optional.of(held.id()),
              clock.instant(),
              "adopted",
              "the host had the agent \"" + definition.name() + "\" already");
        });
    failure.ifPresent(taken ->
        log.warn(
            "agent not adopted host={} agent={} name={}: {}",
            host,
            held.id(),
            definition.name(),
            taken.toString()));
  }

  /**
   * Commits events in the order of their numbers; those that are committed already are skipped, bad
   * ones rejected one by one.
   *
   * @throws RefusedException CONFLICT when the epoch is not the host's latest, or the incarnation
   *     is not in its inventory
   */
  public EventsAnswer events(
      HostId host, long epoch, String incarnation, List<NumberedEvent> events) {
    return writer.write(transaction -> {
      Intake intake = sessions.intake(transaction, host, epoch, incarnation);
      if (!intake.current()) {
        throw stale(epoch);
      }
      OptionalLong known = intake.committed();
      if (known.isEmpty()) {
        throw new RefusedException(
            ErrorCode.CONFLICT,
            "outbox incarnation (expected: the one that the session's inventory named)");
      }
      Map<Long, String> rejected = new HashMap<>();
      long committed = known.getAsLong();
      List<NumberedEvent> inOrder = new ArrayList<>(events);
      inOrder.sort(Comparator.comparingLong(NumberedEvent::number));
      for (NumberedEvent event : inOrder) {
        if (event.number() > committed) {
          committed = event.number();
          take(transaction, host, event).ifPresent(reason -> rejected.put(event.number(), reason));
        }
      }
      if (committed > known.getAsLong()) {
        sessions.putCommitted(transaction, host, incarnation, committed, clock.instant());
      }
      return new EventsAnswer(committed, rejected);
    });
  }

  /** Why the event was not taken; empty when it was. */
  private Optional<String> take(Transaction transaction, HostId host, NumberedEvent event) {
    List<String> reasons = new ArrayList<>();
    Optional<RuntimeException> failure =
        transaction.attempt(() -> effect(transaction, host, event).ifPresent(reasons::add));
    if (failure.isPresent()) {
      log.error("an event failed host={} number={}", host, event.number(), failure.get());
      return Optional.of("the server failed on it: " + failure.get().getMessage());
    }
    return reasons.stream().findFirst();
  }

  private Optional<String> effect(Transaction transaction, HostId host, NumberedEvent numbered) {
    return switch (numbered.event()) {
      case HostEvent.OperationSaid said ->
          said.generation().equals(generation)
              ? operations.said(transaction, host, said.operation(), said.event(), said.end())
              : Optional.of("of another generation of the store");
      case HostEvent.AgentSaid said ->
          agents.putObserved(transaction, said.agent(), host, said.observed())
              ? Optional.empty()
              : Optional.of("no agent " + said.agent() + " of this host");
      case HostEvent.AgentRemoved removed -> {
        operations.removedAgent(transaction, host, removed.agent());
        yield Optional.empty();
      }
      case HostEvent.AgentHappened happened -> {
        append(
            transaction,
            host,
            Optional.of(happened.agent()),
            numbered.occurredAt(),
            happened.kind(),
            happened.message());
        yield Optional.empty();
      }
      case HostEvent.Gap gap -> {
        append(
            transaction,
            host,
            Optional.empty(),
            numbered.occurredAt(),
            "gap",
            gap.dropped() + " events were dropped on the host for want of room");
        yield Optional.empty();
      }
      case HostEvent.Malformed malformed -> Optional.of(malformed.reason());
    };
  }

  private void append(
      Transaction transaction,
      HostId host,
      Optional<AgentId> agent,
      Instant occurredAt,
      String kind,
      String message) {
    history.append(
        transaction,
        new NewEvent(clock.instant(), occurredAt, Optional.of(host), agent, kind, message));
  }

  private static RefusedException stale(long epoch) {
    return new RefusedException(
        ErrorCode.CONFLICT,
        "session epoch " + epoch + " (expected: the epoch of this host's latest session)");
  }
}
