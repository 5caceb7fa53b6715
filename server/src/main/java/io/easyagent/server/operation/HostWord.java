package io.easyagent.server.operation;

import io.easyagent.server.agent.Agent;
import io.easyagent.server.agent.AgentId;
import io.easyagent.server.agent.AgentStore;
import io.easyagent.server.fleet.HostId;
import io.easyagent.server.store.Transaction;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a host says of its operations, in the caller's transaction. */
public final class HostWord {
  private static final String ON_ANOTHER_COPY =
      "it was sent to another copy of the host than the one that went on (a clone, or a disk that"
          + " was restored): it may have run";

  private final OperationStore operations;
  private final OperationProgress progress;
  private final AgentStore agents;
  private final InstantSource clock;

  public HostWord(
      OperationStore operations,
      OperationProgress progress,
      AgentStore agents,
      InstantSource clock) {
    this.operations = operations;
    this.progress = progress;
    this.agents = agents;
    this.clock = clock;
  }

  /**
   * An operation started or ended. Saying it twice changes nothing.
   *
   * @return why the host's word was not taken; empty when it was, or was known
   */
  public Optional<String> said(
      Transaction transaction, HostId host, OperationId id, OperationEvent event, End end) {
    Optional<WorkItem> item =
        operations.findWork(transaction, id).filter(found -> found.host().equals(host));
    if (item.isEmpty()) {
      return Optional.of("no operation " + id + " of this host");
    }
    if (item.get().state() == OperationState.QUEUED) {
      return Optional.of("operation " + id + " was never sent");
    }
    progress.apply(transaction, item.get(), event, end);
    return Optional.empty();
  }

  /**
   * The host's inventory: what it holds is with it, what it lacks is sent again or ends.
   *
   * @param forkedEpoch what was sent in sessions up to it was sent to another copy of the host
   * @param held digests by operation
   * @return the held operations that are finished here, or not known: the host may forget them
   */
  public List<OperationId> holds(
      Transaction transaction,
      HostId host,
      long epoch,
      long forkedEpoch,
      Map<OperationId, String> held) {
    Instant now = clock.instant();
    List<WorkItem> unfinished = operations.unfinished(transaction, host);
    List<OperationId> forgettable = new ArrayList<>(held.keySet());
    for (WorkItem item : unfinished) {
      forgettable.remove(item.id());
      if (item.state() != OperationState.QUEUED) {
        Optional<String> digest = Optional.ofNullable(held.get(item.id()));
        if (digest.isEmpty() && item.sentEpoch() <= forkedEpoch) {
          progress.apply(transaction, item, OperationEvent.HOST_GONE, End.because(ON_ANOTHER_COPY));
        } else {
          reconcile(transaction, item, epoch, digest, now);
        }
      }
    }
    return forgettable;
  }

  private void reconcile(
      Transaction transaction, WorkItem item, long epoch, Optional<String> digest, Instant now) {
    if (digest.isEmpty()) {
      progress.apply(transaction, item, lacking(item, now), End.because(lackingReason(item)));
    } else if (!digest.get().equals(item.digest())) {
      progress.apply(
          transaction,
          item,
          OperationEvent.HOST_HAS_ANOTHER,
          End.because("the host holds another command under its id"));
    } else {
      operations.hostHasIt(transaction, item.id(), epoch);
    }
  }

  private static OperationEvent lacking(WorkItem item, Instant now) {
    if (item.state() == OperationState.SENT && item.cancelRequested()) {
      return OperationEvent.HOST_CANCELLED;
    }
    return now.isBefore(item.deadline())
        ? OperationEvent.HOST_LACKS_IT
        : OperationEvent.HOST_LACKS_IT_TOO_LATE;
  }

  private static String lackingReason(WorkItem item) {
    if (item.state() != OperationState.SENT) {
      return "the host lost its record of it: it may have run";
    }
    return item.cancelRequested()
        ? "cancelled; the host never took it"
        : "the host never took it before its time was over";
  }

  /** The host no longer has the agent. An unfinished install or uninstall says the rest. */
  public void removedAgent(Transaction transaction, HostId host, AgentId id) {
    Optional<Agent> agent = agents.find(transaction, id).filter(found -> found.host().equals(host));
    if (agent.isEmpty()) {
      return;
    }
    boolean beingInstalled =
        operations.unfinished(transaction, host).stream()
            .anyMatch(item ->
                item.agent().equals(Optional.of(id)) && item.kind() == OperationKind.INSTALL);
    if (beingInstalled) {
      agents.clearObserved(transaction, id);
    } else {
      progress.remove(transaction, id, "the host removed it");
    }
  }
}
