package io.easyagent.server.operation;

import io.easyagent.server.agent.Agent;
import io.easyagent.server.agent.AgentId;
import io.easyagent.server.agent.AgentStore;
import io.easyagent.server.fleet.HostId;
import io.easyagent.server.fleet.HostRemoval;
import io.easyagent.server.store.Generation;
import io.easyagent.server.store.Transaction;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/**
 * The one place where stored operations move: the life-cycle decides, the store compares and sets,
 * and what an end means for the agent is stored with it. Everything happens in the caller's
 * transaction.
 */
public final class OperationProgress implements HostRemoval {
  private final OperationStore operations;
  private final AgentStore agents;
  private final OperationChanges changes;
  private final Wake wake;
  private final InstantSource clock;

  public OperationProgress(
      OperationStore operations,
      AgentStore agents,
      OperationChanges changes,
      Wake wake,
      InstantSource clock) {
    this.operations = operations;
    this.agents = agents;
    this.changes = changes;
    this.wake = wake;
    this.clock = clock;
  }

  /**
   * Moves the operation as the event demands.
   *
   * @param end what is stored when it ends
   */
  Transition apply(Transaction transaction, WorkItem item, OperationEvent event, End end) {
    Transition transition = OperationLifecycle.next(item.state(), event);
    if (transition instanceof Transition.To(OperationState state)) {
      move(transaction, item, state, end);
    }
    return transition;
  }

  private void move(Transaction transaction, WorkItem item, OperationState state, End end) {
    Instant now = clock.instant();
    boolean moved =
        switch (state) {
          case RUNNING -> operations.sentToRunning(transaction, item.id(), now);
          case SUCCEEDED, FAILED, CANCELLED, EXPIRED, INTERRUPTED ->
              operations.finish(transaction, item, state, end, now);
          case QUEUED, SENT ->
              throw new IllegalArgumentException("state: " + state + " (expected: a later one)");
        };
    if (!moved) {
      throw new IllegalStateException(
          "operation " + item.id() + " is no longer " + item.state() + ": somebody else moved it");
    }
    changes.publish(transaction, List.of(new OperationChange(item.batch(), state, 1)));
    if (state.finished()) {
      item.agent().ifPresent(agent -> settle(transaction, item, agent, state));
      transaction.afterCommit(() -> wake.wake(List.of(item.host())));
    }
  }

  /** What an end means for the agent: an install that left nothing and an uninstall remove it. */
  private void settle(Transaction transaction, WorkItem item, AgentId id, OperationState state) {
    Optional<Agent> agent = agents.find(transaction, id);
    if (agent.isEmpty()) {
      return;
    }
    boolean gone =
        switch (item.kind()) {
          case UNINSTALL -> state == OperationState.SUCCEEDED;
          case INSTALL ->
              agent.get().observed().isEmpty()
                  && switch (state) {
                    case FAILED, CANCELLED, EXPIRED -> true;
                    case QUEUED, SENT, RUNNING, SUCCEEDED, INTERRUPTED -> false;
                  };
          case CONFIGURE, UPGRADE, START, STOP, RESTART, EXEC, UPGRADE_SIDECAR, CONFIGURE_SIDECAR ->
              false;
        };
    if (gone) {
      remove(
          transaction,
          id,
          item.kind() == OperationKind.UNINSTALL
              ? "it was uninstalled"
              : "its install did not succeed");
    }
  }

  /** Removes the agent; what is queued for it can never be done. */
  void remove(Transaction transaction, AgentId id, String reason) {
    if (agents.delete(transaction, id)) {
      for (WorkItem queued : operations.queued(transaction, id)) {
        apply(
            transaction,
            queued,
            OperationEvent.NOT_SENDABLE,
            End.because("the agent is not there any more: " + reason));
      }
    }
  }

  /**
   * For a server that starts, before anything is sent: in a generation of the store that it has not
   * served yet, what an earlier one left unfinished ends.
   */
  public void begin(Transaction transaction, String generation) {
    if (!Generation.enters(transaction, "operations", generation)) {
      return;
    }
    for (HostId host : operations.hostsWithWork(transaction)) {
      for (WorkItem item : operations.unfinished(transaction, host)) {
        apply(
            transaction,
            item,
            OperationEvent.STORE_RESTORED,
            End.because("the server was restored from a backup: it may have run since"));
      }
    }
  }

  @Override
  public void removing(Transaction transaction, HostId host) {
    end(transaction, host, "the host was removed");
  }

  /** The host will not speak of its operations any more. */
  void end(Transaction transaction, HostId host, String reason) {
    for (WorkItem item : operations.unfinished(transaction, host)) {
      apply(transaction, item, OperationEvent.HOST_GONE, End.because(reason));
    }
  }

  /** The host has been away too long for what it was sent; what is queued still waits for it. */
  void endSent(Transaction transaction, HostId host, String reason) {
    for (WorkItem item : operations.unfinished(transaction, host)) {
      if (item.state() != OperationState.QUEUED) {
        apply(transaction, item, OperationEvent.HOST_GONE, End.because(reason));
      }
    }
  }
}
