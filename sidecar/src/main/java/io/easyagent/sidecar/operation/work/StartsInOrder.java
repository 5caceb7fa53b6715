package io.easyagent.sidecar.operation.work;

import io.easyagent.sidecar.agent.AgentId;
import io.easyagent.sidecar.agent.Readiness;
import io.easyagent.sidecar.supervise.LaunchPlan;
import io.easyagent.sidecar.supervise.Supervision;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Lets agents that a boot has to start anew have their turns: in the order in which they were
 * installed, the next one when the one before it is ready, has failed, or, without a readiness
 * probe, is launched. Thread-safe.
 */
final class StartsInOrder {
  private static final Logger LOG = Logger.getLogger(StartsInOrder.class.getName());

  /** What a launch may take beyond the readiness probe's own timeout. */
  private static final Duration LAUNCH = Duration.ofSeconds(10);

  private final SequencedMap<AgentId, Turn> turns = new LinkedHashMap<>();
  private volatile boolean halted;

  private record Turn(CompletableFuture<Void> come, Duration longest) {}

  /** When this agent's turn has come; all are to be asked for before {@link #begin}. */
  synchronized CompletionStage<Void> turnOf(AgentId agent, LaunchPlan plan) {
    Duration ready = plan.definition().ready().map(Readiness::timeout).orElse(Duration.ZERO);
    Turn turn = new Turn(new CompletableFuture<>(), ready.plus(LAUNCH));
    turns.put(agent, turn);
    return turn.come();
  }

  /** Returns at once. */
  void begin(Supervision supervision) {
    SequencedMap<AgentId, Turn> all;
    synchronized (this) {
      all = new LinkedHashMap<>(turns);
    }
    Thread.ofVirtual().name("starts").start(() -> giveTurns(all, supervision));
  }

  private void giveTurns(Map<AgentId, Turn> all, Supervision supervision) {
    all.forEach((agent, turn) -> {
      if (!halted) {
        turn.come().complete(null);
        await(agent, turn, supervision);
      }
    });
  }

  /** An agent that was uninstalled meanwhile is waited for no more than any other. */
  private static void await(AgentId agent, Turn turn, Supervision supervision) {
    try {
      supervision
          .settled(agent)
          .toCompletableFuture()
          .get(turn.longest().toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException slow) {
      LOG.log(Level.WARNING, "agent {0} is not up yet; the next is started", agent);
    } catch (IllegalArgumentException forgotten) {
      LOG.log(Level.FINE, "agent {0} is gone", agent);
    } catch (ExecutionException impossible) {
      throw new IllegalStateException(impossible);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** No more turns are given. */
  void halt() {
    halted = true;
  }

  /** This agent's turn comes now, whoever is before it. */
  synchronized void release(AgentId agent) {
    Turn turn = turns.get(agent);
    if (turn != null) {
      turn.come().complete(null);
    }
  }
}
