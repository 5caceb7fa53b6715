package io.easyagent.sidecar.operation.work;

import io.easyagent.sidecar.agent.AgentId;
import io.easyagent.sidecar.agent.AgentRecord;
import io.easyagent.sidecar.agent.DesiredState;
import io.easyagent.sidecar.journal.Journal;
import io.easyagent.sidecar.journal.Journal.JournalException;
import io.easyagent.sidecar.journal.JournalEntry;
import io.easyagent.sidecar.journal.Outbox;
import io.easyagent.sidecar.journal.OutboxEvent;
import io.easyagent.sidecar.local.AgentOrders;
import io.easyagent.sidecar.prepare.PrepareException;
import io.easyagent.sidecar.supervise.Supervision.StartResult;
import io.easyagent.sidecar.supervise.Supervision.StopResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;

/**
 * Orders that are given on the host itself. Each waits for its turn among the operations of its
 * agent. What is desired of the agent is on disk before it is told, so that the next life of the
 * sidecar, and the next boot, want the same; the server hears of it as an event. An order that a
 * dying sidecar leaves half done is not taken up again, but for what is desired.
 */
public final class HostOrders implements AgentOrders {
  /** The kind of the event that tells the server. */
  static final String EVENT = "ordered-on-host";

  private static final Answer ENDED_FIRST = new Answer(false, "the sidecar ended first");

  /** A turn that will not come any more is noticed this soon. */
  private static final Duration LOOK_AGAIN = Duration.ofSeconds(1);

  private final Journal journal;
  private final SupervisedAgents supervised;
  private final JournalledOperations operations;
  private final OperationTime time;

  public HostOrders(
      Journal journal,
      SupervisedAgents supervised,
      JournalledOperations operations,
      OperationTime time) {
    this.journal = journal;
    this.supervised = supervised;
    this.operations = operations;
    this.time = time;
  }

  @Override
  public Answer give(Order order, String agent, String user) {
    Optional<AgentId> found = find(agent);
    if (found.isEmpty()) {
      return new Answer(false, "no such agent here (expected: " + names() + ")");
    }
    CompletableFuture<Answer> answer = new CompletableFuture<>();
    Runnable turn = () -> answer.complete(inTurn(order, found.get(), user));
    if (!operations.takeTurn(found.get(), turn)) {
      return new Answer(
          false, "not told: the sidecar is ending, or too much waits for this agent already");
    }
    while (true) {
      try {
        return answer.get(LOOK_AGAIN.toMillis(), TimeUnit.MILLISECONDS);
      } catch (TimeoutException busy) {
        if (operations.isClosed()) {
          return ENDED_FIRST;
        }
      } catch (ExecutionException impossible) {
        throw new IllegalStateException(impossible.getCause());
      } catch (InterruptedException ending) {
        Thread.currentThread().interrupt();
        return ENDED_FIRST;
      }
    }
  }

  private Optional<AgentId> find(String name) {
    return journal.state().agents().values().stream()
        .filter(agent -> agent.definition().name().equals(name))
        .map(AgentRecord::id)
        .findFirst();
  }

  private String names() {
    String names =
        journal.state().agents().values().stream()
            .map(agent -> agent.definition().name())
            .sorted()
            .collect(Collectors.joining(", "));
    return names.isEmpty() ? "none: this host has no agent" : "one of " + names;
  }

  /** Throws nothing: what does would halt the agent's operations. */
  private Answer inTurn(Order order, AgentId id, String user) {
    try {
      AgentRecord agent = keep(order, id, user);
      supervised.require(agent);
      return switch (order) {
        case START -> started(agent, await(supervised.supervision().start(id)), "started");
        case STOP -> stopped(await(supervised.supervision().stop(id)));
        case RESTART ->
            await(supervised.supervision().stop(id)) instanceof StopResult.DidNotStop left
                ? stopped(left)
                : started(agent, await(supervised.supervision().start(id)), "restarted");
      };
    } catch (JournalException | PrepareException | RuntimeException failure) {
      return new Answer(false, String.valueOf(failure.getMessage()));
    } catch (InterruptedException ending) {
      Thread.currentThread().interrupt();
      return ENDED_FIRST;
    }
  }

  private AgentRecord keep(Order order, AgentId id, String user) throws JournalException {
    DesiredState desired =
        switch (order) {
          case START, RESTART -> DesiredState.RUNNING;
          case STOP -> DesiredState.STOPPED;
        };
    OutboxEvent event =
        new OutboxEvent.AgentHappened(
            id, EVENT, order.word() + ", by user " + user + " on the host");
    journal.append(state -> {
      List<JournalEntry> entries = new ArrayList<>();
      AgentRecord agent = state.agents().get(id);
      if (agent != null) {
        if (agent.desired() != desired) {
          entries.add(new JournalEntry.AgentKept(agent.withDesired(desired)));
        }
        entries.addAll(Outbox.queue(state, time.now(), event));
      }
      return entries;
    });
    return Optional.ofNullable(journal.state().agents().get(id))
        .orElseThrow(() -> new IllegalStateException("the agent was uninstalled meanwhile"));
  }

  private Answer started(AgentRecord agent, StartResult result, String done) {
    return switch (result) {
      case StartResult.Started(int pid) ->
          new Answer(true, pid == 0 ? "ran to its end" : done + ", pid " + pid);
      case StartResult.Scheduled() ->
          new Answer(true, AgentProcess.scheduled(agent, supervised.supervision()));
      case StartResult.AlreadyRunning(int pid) -> new Answer(true, "running already, pid " + pid);
      case StartResult.DidNotStart(String cause) -> new Answer(false, "did not start: " + cause);
    };
  }

  private static Answer stopped(StopResult result) {
    return switch (result) {
      case StopResult.Stopped(boolean killed) ->
          new Answer(true, killed ? "stopped, killed after its grace" : "stopped");
      case StopResult.AlreadyStopped() -> new Answer(true, "stopped already");
      case StopResult.DidNotStop(String cause) -> new Answer(false, "did not stop: " + cause);
    };
  }

  private static <T> T await(CompletionStage<T> stage) throws InterruptedException {
    try {
      return stage.toCompletableFuture().get();
    } catch (ExecutionException failed) {
      throw new IllegalStateException(failed.getCause());
    }
  }
}
