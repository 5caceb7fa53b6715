package io.easyagent.sidecar.supervise;

import io.easyagent.sidecar.agent.AgentId;
import io.easyagent.sidecar.agent.DesiredState;
import io.easyagent.sidecar.agent.ObservedAgent;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Supervises the processes of this host's agents. Thread-safe: each agent has a mailbox of its own,
 * so that events of one agent are handled in order and agents do not wait for each other.
 * Completions run on the agent's mailbox and must not block.
 */
public interface Supervision {

  /**
   * Takes an agent under supervision, once per agent and sidecar life, before any other call for
   * it. A process of an earlier sidecar life is adopted (found by its launch record, never started
   * twice); one that ended meanwhile is reported with its exact end and restarted by policy. When
   * {@code desired} is RUNNING and nothing runs, the agent is started.
   *
   * @return completes with what was found, once every process of an earlier life is known and what
   *     follows at once from that is done
   */
  default CompletionStage<ObservedAgent> supervise(
      AgentId agent, LaunchPlan plan, DesiredState desired) {
    return supervise(agent, plan, desired, CompletableFuture.completedStage(null));
  }

  /**
   * As the other; but where nothing was found and the agent is to run, it is started when its turn
   * has come. Until then it is STARTING; a {@link #stop} ends the wait.
   */
  CompletionStage<ObservedAgent> supervise(
      AgentId agent, LaunchPlan plan, DesiredState desired, CompletionStage<Void> turn);

  /**
   * Completes when others need not wait for the agent's first start: it was adopted or is stopped,
   * it is ready, it has failed, or it is launched and has no readiness probe.
   */
  CompletionStage<Void> settled(AgentId agent);

  /** The plan of the next launch; a running process is left as it is. */
  void plan(AgentId agent, LaunchPlan plan);

  /**
   * Desired becomes RUNNING. Completes when the agent is running (ready), or its first try has
   * failed; a scheduled agent's run in progress is not waited for.
   */
  CompletionStage<StartResult> start(AgentId agent);

  /**
   * Desired becomes STOPPED. Completes when nothing of the agent's tree is left and its postStop,
   * where it has one, is over.
   */
  CompletionStage<StopResult> stop(AgentId agent);

  /** Sends a signal, without SIG, to the agent's main process; nothing when it does not run. */
  void signal(AgentId agent, String signal);

  /**
   * Ends supervision of an agent whose {@link #stop} has completed well.
   *
   * @throws IllegalStateException when the agent is not stopped
   */
  void forget(AgentId agent);

  ObservedAgent observe(AgentId agent);

  /** How a start ended. */
  sealed interface StartResult {
    /**
     * @param pid of the running process; 0 for a oneshot that has ended well
     */
    record Started(int pid) implements StartResult {}

    record AlreadyRunning(int pid) implements StartResult {}

    /**
     * Its schedule is kept to, and no run is in progress; see {@link #observe} for the next one.
     */
    record Scheduled() implements StartResult {}

    /**
     * @param cause for an operator, with what the process printed last
     */
    record DidNotStart(String cause) implements StartResult {}
  }

  /** How a stop ended. */
  sealed interface StopResult {
    /**
     * @param killed whether the grace had to be followed by a kill
     */
    record Stopped(boolean killed) implements StopResult {}

    record AlreadyStopped() implements StopResult {}

    /**
     * @param cause what is left and why
     */
    record DidNotStop(String cause) implements StopResult {}
  }

  /** Hears of changes, on the agent's mailbox; must not block. */
  interface Listener {
    void changed(AgentId agent, ObservedAgent observed);

    /**
     * @param kind a stable word, see {@link io.easyagent.sidecar.process.ProcessAction.Kind}
     */
    void happened(AgentId agent, String kind, String message);

    /**
     * As the other, for what is told once in the life of a process, whatever becomes of the
     * sidecar.
     *
     * @param kept to be run, on any thread, once it is kept for whoever is to hear it; it may never
     *     be, and is then told again by the sidecar's next life
     */
    default void happened(AgentId agent, String kind, String message, Runnable kept) {
      happened(agent, kind, message);
      kept.run();
    }
  }
}
