package io.easyagent.sidecar.operation.work;

import io.easyagent.sidecar.agent.AgentId;
import io.easyagent.sidecar.agent.AgentRecord;
import io.easyagent.sidecar.agent.DesiredState;
import io.easyagent.sidecar.agent.ObservedAgent;
import io.easyagent.sidecar.agent.StartOrder;
import io.easyagent.sidecar.journal.Journal;
import io.easyagent.sidecar.journal.Journal.JournalException;
import io.easyagent.sidecar.journal.Outbox;
import io.easyagent.sidecar.journal.OutboxEvent;
import io.easyagent.sidecar.prepare.LaunchPlans;
import io.easyagent.sidecar.prepare.PrepareException;
import io.easyagent.sidecar.supervise.LaunchPlan;
import io.easyagent.sidecar.supervise.Supervision;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Which agents are under supervision in this life of the sidecar. Thread-safe. */
public final class SupervisedAgents {
  private static final Logger LOG = Logger.getLogger(SupervisedAgents.class.getName());

  private static final Duration LONGEST_ADOPTION = Duration.ofSeconds(10);

  private final Journal journal;
  private final Supervision supervision;
  private final LaunchPlans plans;
  private final OperationTime time;
  private final StartsInOrder starts = new StartsInOrder();
  private final Set<AgentId> known = ConcurrentHashMap.newKeySet();

  public SupervisedAgents(
      Journal journal, Supervision supervision, LaunchPlans plans, OperationTime time) {
    this.journal = journal;
    this.supervision = supervision;
    this.plans = plans;
    this.time = time;
  }

  /**
   * Takes every agent of the journal under supervision and returns once those that run are adopted:
   * an operation that goes on must see what runs. What has to be started anew, after a boot, is
   * started in order meanwhile. Once, before operations are resumed. An agent that cannot be
   * planned for is left out and reported; its next command says why.
   */
  public void recover() {
    List<CompletableFuture<ObservedAgent>> adoptions = new ArrayList<>();
    for (AgentRecord agent : StartOrder.of(journal.state().agents().values())) {
      try {
        LaunchPlan plan = plans.plan(agent);
        known.add(agent.id());
        adoptions.add(
            supervision
                .supervise(agent.id(), plan, agent.desired(), starts.turnOf(agent.id(), plan))
                .toCompletableFuture());
      } catch (PrepareException refused) {
        LOG.log(
            Level.SEVERE,
            "agent {0} is not supervised: {1}",
            new Object[] {agent.id(), refused.getMessage()});
        report(agent.id(), "not-supervised", String.valueOf(refused.getMessage()));
      }
    }
    await(adoptions);
    starts.begin(supervision);
  }

  /** No agent that still waits for its start after a boot is started by its turn any more. */
  void haltStarts() {
    starts.halt();
  }

  /** Bounded: what cannot be ended of one agent must not keep the others without the server. */
  private static void await(List<CompletableFuture<ObservedAgent>> adoptions) {
    try {
      CompletableFuture.allOf(adoptions.toArray(CompletableFuture[]::new))
          .get(LONGEST_ADOPTION.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException slow) {
      LOG.log(
          Level.WARNING,
          "of {0} agents {1} are not adopted yet",
          new Object[] {
            adoptions.size(), adoptions.stream().filter(each -> !each.isDone()).count()
          });
    } catch (ExecutionException impossible) {
      throw new IllegalStateException(impossible);
    } catch (InterruptedException halted) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Makes the plan of the next launch; supervises the agent when it is not, and returns once what
   * runs of it is adopted, as {@link #recover} does.
   */
  void apply(AgentRecord agent, DesiredState whenNew) throws PrepareException {
    LaunchPlan plan = plans.plan(agent);
    if (known.add(agent.id())) {
      await(List.of(supervision.supervise(agent.id(), plan, whenNew).toCompletableFuture()));
    } else {
      supervision.plan(agent.id(), plan);
    }
  }

  /** An agent that recovery had to leave out gets another chance. */
  void require(AgentRecord agent) throws PrepareException {
    if (!known.contains(agent.id())) {
      apply(agent, agent.desired());
    }
  }

  void forget(AgentId agent) {
    if (known.contains(agent)) {
      supervision.forget(agent);
      known.remove(agent);
    }
  }

  boolean contains(AgentId agent) {
    return known.contains(agent);
  }

  Supervision supervision() {
    return supervision;
  }

  private void report(AgentId agent, String kind, String message) {
    try {
      journal.append(state ->
          Outbox.queue(state, time.now(), new OutboxEvent.AgentHappened(agent, kind, message)));
    } catch (JournalException failed) {
      LOG.log(Level.SEVERE, "journal: {0}", failed.getMessage());
    }
  }
}
