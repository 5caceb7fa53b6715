package io.easyagent.sidecar.operation.work;

import io.easyagent.sidecar.agent.AgentId;
import io.easyagent.sidecar.agent.Hook;
import io.easyagent.sidecar.agent.Readiness;
import io.easyagent.sidecar.supervise.LaunchPlan;
import io.easyagent.sidecar.supervise.Supervision;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Lets agents that a boot has to start anew have their turns: in the order in which it is asked
 * for, the next one when the one before it is ready, has failed, or, without a readiness probe, is
 * launched. Thread-safe.
 */
final class StartsInOrder {
  private static final Logger LOG = Logger.getLogger(StartsInOrder.class.getName());

  /** What a launch may take beyond the readiness probe's own timeout. */
  private static final Duration LAUNCH = Duration.ofSeconds(10);

  private final List<Turn> turns = new ArrayList<>();
  private volatile boolean halted;

  private record Turn(AgentId agent, CompletableFuture<Void> come, Duration longest) {}

  /** When this agent's turn has come; all are to be asked for before {@link #begin}. */
  synchronized CompletionStage<Void> turnOf(AgentId agent, LaunchPlan plan) {
    Duration prepared =
        plan.definition().hooks().preStart().map(Hook::timeout).orElse(Duration.ZERO);
    Duration ready = plan.definition().ready().map(Readiness::timeout).orElse(Duration.ZERO);
    Turn turn = new Turn(agent, new CompletableFuture<>(), prepared.plus(ready).plus(LAUNCH));
    turns.add(turn);
    return turn.come();
  }

  /** Returns at once. */
  void begin(Supervision supervision) {
    List<Turn> all;
    synchronized (this) {
      all = List.copyOf(turns);
    }
    Thread.ofVirtual().name("starts").start(() -> giveTurns(all, supervision));
  }

  private void giveTurns(List<Turn> all, Supervision supervision) {
    for (Turn turn : all) {
      if (!halted) {
        turn.come().complete(null);
        await(turn, supervision);
      }
    }
  }

  /** An agent that was uninstalled meanwhile is waited for no more than any other. */
  private static void await(Turn turn, Supervision supervision) {
    try {
      supervision
          .settled(turn.agent())
          .toCompletableFuture()
          .get(turn.longest().toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException slow) {
      LOG.log(Level.WARNING, "agent {0} is not up yet; the next is started", turn.agent());
    } catch (IllegalArgumentException forgotten) {
      LOG.log(Level.FINE, "agent {0} is gone", turn.agent());
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
}
