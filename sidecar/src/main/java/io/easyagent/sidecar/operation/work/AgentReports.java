package io.easyagent.sidecar.operation.work;

import io.easyagent.sidecar.agent.AgentId;
import io.easyagent.sidecar.agent.AgentRecord;
import io.easyagent.sidecar.agent.ObservedAgent;
import io.easyagent.sidecar.journal.Journal;
import io.easyagent.sidecar.journal.Journal.JournalException;
import io.easyagent.sidecar.journal.JournalEntry;
import io.easyagent.sidecar.journal.JournalState;
import io.easyagent.sidecar.journal.Outbox;
import io.easyagent.sidecar.journal.OutboxEvent;
import io.easyagent.sidecar.supervise.Supervision;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Puts the changes of agents into the outbox, in their order, on a thread of its own. Of several
 * states of an agent that wait meanwhile the last is reported; of what happened, everything, up to
 * a bound.
 */
public final class AgentReports implements Supervision.Listener {
  private static final Logger LOG = Logger.getLogger(AgentReports.class.getName());
  private static final int MOST_WAITING = Outbox.MOST_PLAIN_EVENTS;

  private final Journal journal;
  private final InstantSource clock;
  private final Executor executor;
  private final Map<AgentId, ObservedAgent> states = new LinkedHashMap<>();
  private final List<OutboxEvent.AgentHappened> happenings = new ArrayList<>();
  private final List<Runnable> toBeKept = new ArrayList<>();
  private long dropped;
  private boolean scheduled;

  /**
   * @param executor one thread: it is where the journal is written
   */
  public AgentReports(Journal journal, InstantSource clock, Executor executor) {
    this.journal = journal;
    this.clock = clock;
    this.executor = executor;
  }

  @Override
  public void changed(AgentId agent, ObservedAgent observed) {
    synchronized (this) {
      states.put(agent, observed);
    }
    schedule();
  }

  @Override
  public void happened(AgentId agent, String kind, String message) {
    happened(agent, kind, message, () -> {});
  }

  @Override
  public void happened(AgentId agent, String kind, String message, Runnable kept) {
    synchronized (this) {
      if (happenings.size() == MOST_WAITING) {
        dropped++;
        return;
      }
      happenings.add(new OutboxEvent.AgentHappened(agent, kind, message));
      toBeKept.add(kept);
    }
    schedule();
  }

  private void schedule() {
    synchronized (this) {
      if (scheduled) {
        return;
      }
      scheduled = true;
    }
    try {
      executor.execute(this::write);
    } catch (RejectedExecutionException shuttingDown) {
      LOG.log(Level.FINE, "the sidecar ends: the next start reports what it finds");
    }
  }

  private void write() {
    Map<AgentId, ObservedAgent> observed;
    List<OutboxEvent> events;
    List<Runnable> kept;
    synchronized (this) {
      scheduled = false;
      observed = new LinkedHashMap<>(states);
      states.clear();
      events = new ArrayList<>(happenings);
      happenings.clear();
      kept = List.copyOf(toBeKept);
      toBeKept.clear();
      if (dropped > 0) {
        events.add(new OutboxEvent.Gap(dropped));
        dropped = 0;
      }
    }
    try {
      journal.append(state -> entries(state, observed, events));
      kept.forEach(Runnable::run);
    } catch (JournalException failed) {
      LOG.log(Level.SEVERE, "reports of agents are lost: {0}", failed.getMessage());
      takeBack(observed);
    }
  }

  /** The states go with the next change: they are what the server must come to know. */
  private synchronized void takeBack(Map<AgentId, ObservedAgent> observed) {
    observed.forEach(states::putIfAbsent);
  }

  /** An agent that is not in the journal, or not any more, is not reported. */
  private List<JournalEntry> entries(
      JournalState state, Map<AgentId, ObservedAgent> observed, List<OutboxEvent> events) {
    List<OutboxEvent> all = new ArrayList<>(events);
    observed.forEach((id, seen) -> {
      AgentRecord agent = state.agents().get(id);
      if (agent != null) {
        all.add(new OutboxEvent.AgentReported(agent, seen));
      }
    });
    return all.isEmpty() ? List.of() : Outbox.queue(state, clock.instant(), all);
  }
}
