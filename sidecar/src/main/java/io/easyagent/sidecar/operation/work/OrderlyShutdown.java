package io.easyagent.sidecar.operation.work;

import io.easyagent.sidecar.agent.AgentRecord;
import io.easyagent.sidecar.agent.StartOrder;
import io.easyagent.sidecar.journal.Journal;
import io.easyagent.sidecar.supervise.Supervision.StopResult;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * The end of every agent before its host ends: one after another, in the reverse of the order in
 * which a boot starts them, each with its full grace. What is desired of them is kept, so that the
 * next life of the sidecar starts them again. No operation runs from then on: what ran is taken up
 * by the next life.
 */
public final class OrderlyShutdown {
  /** For the kill of what outlives its grace, and for clearing what is left. */
  private static final Duration AFTER_GRACE = Duration.ofSeconds(15);

  private final Journal journal;
  private final SupervisedAgents supervised;
  private final JournalledOperations operations;

  public OrderlyShutdown(
      Journal journal, SupervisedAgents supervised, JournalledOperations operations) {
    this.journal = journal;
    this.supervised = supervised;
    this.operations = operations;
  }

  /** The longest that it can take. */
  public Duration longest() {
    Duration sum = AFTER_GRACE;
    for (AgentRecord agent : agents()) {
      sum = sum.plus(longest(agent));
    }
    return sum;
  }

  private static Duration longest(AgentRecord agent) {
    Duration untilEnded = agent.definition().stop().grace().plus(AFTER_GRACE);
    return agent
        .definition()
        .hooks()
        .postStop()
        .map(hook -> untilEnded.plus(hook.timeout()).plus(AFTER_GRACE))
        .orElse(untilEnded);
  }

  /** Those that are supervised, the last one first. */
  private List<AgentRecord> agents() {
    List<AgentRecord> agents = StartOrder.of(journal.state().agents().values());
    agents.removeIf(agent -> !supervised.contains(agent.id()));
    return agents.reversed();
  }

  /**
   * @param progress hears one line per step
   * @return whether nothing of any agent is left
   */
  public synchronized boolean run(Consumer<String> progress) {
    supervised.haltStarts();
    operations.close();
    boolean all = true;
    int stopped = 0;
    for (AgentRecord agent : agents()) {
      boolean ran = supervised.supervision().observe(agent.id()).pid().isPresent();
      String name = agent.definition().name();
      if (ran) {
        progress.accept(
            "stopping "
                + name
                + " (grace "
                + agent.definition().stop().grace().toSeconds()
                + " s)");
      }
      switch (stop(agent)) {
        case StopResult.Stopped(boolean killed) -> {
          stopped++;
          progress.accept("stopped  " + name + (killed ? ", killed after its grace" : ""));
        }
        case StopResult.AlreadyStopped() -> {
          continue;
        }
        case StopResult.DidNotStop(String cause) -> {
          all = false;
          progress.accept("LEFT     " + name + ": " + cause);
        }
      }
    }
    progress.accept(
        (stopped == 1 ? "1 agent" : stopped + " agents")
            + " stopped; the next start of the sidecar starts what is to run");
    return all;
  }

  private StopResult stop(AgentRecord agent) {
    try {
      return supervised
          .supervision()
          .stop(agent.id())
          .toCompletableFuture()
          .get(longest(agent).toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException slow) {
      return new StopResult.DidNotStop("not ended within " + longest(agent).toSeconds() + " s");
    } catch (ExecutionException failed) {
      return new StopResult.DidNotStop(String.valueOf(failed.getCause()));
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return new StopResult.DidNotStop("the sidecar ended first");
    }
  }
}
