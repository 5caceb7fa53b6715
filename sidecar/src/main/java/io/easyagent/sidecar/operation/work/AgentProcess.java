package io.easyagent.sidecar.operation.work;

import io.easyagent.sidecar.agent.AgentId;
import io.easyagent.sidecar.agent.AgentRecord;
import io.easyagent.sidecar.supervise.Supervision;
import io.easyagent.sidecar.supervise.Supervision.StartResult;
import io.easyagent.sidecar.supervise.Supervision.StopResult;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;

/** Starts and stops an agent's process, for steps. */
final class AgentProcess {
  private static final String PID = "pid";

  private AgentProcess() {}

  /** Remembers the process that a restart is to replace. */
  static void notePid(StepContext context) {
    int pid = context.bench().supervised().supervision().observe(context.agentId()).pid().orElse(0);
    context.memory().put(PID, Integer.toString(pid));
  }

  static StartResult start(StepContext context) throws Exception {
    return context.stop().await(supervision(context).start(context.agentId()));
  }

  /**
   * Ends the agent's supervision, where it is supervised. A sidecar that was started anew may have
   * found something of it that is still to be ended; nothing stops the operation meanwhile.
   */
  static Progress unsupervise(StepContext context) throws InterruptedException {
    SupervisedAgents supervised = context.bench().supervised();
    AgentId agent = context.agentId();
    if (supervised.contains(agent)) {
      if (awaitUnstopped(supervised.supervision().stop(agent))
          instanceof StopResult.DidNotStop(String cause)) {
        return Progress.failed("the agent did not stop: " + cause);
      }
      supervised.forget(agent);
    }
    return Progress.next();
  }

  /**
   * Replaces the noted process, once: after a death of the sidecar a process with another pid is
   * the successor already. Between stop and start nothing stops the operation: no agent stays
   * stopped that is wanted running.
   */
  static StartResult restart(StepContext context) throws Exception {
    Supervision supervision = supervision(context);
    AgentId agent = context.agentId();
    if (context.resumedHere()) {
      StartResult result = context.stop().await(supervision.start(agent));
      boolean replaced =
          switch (result) {
            case StartResult.AlreadyRunning(int pid) -> isSuccessor(context, pid);
            case StartResult.Started(int pid) -> true;
            case StartResult.Scheduled() -> true;
            case StartResult.DidNotStart(String cause) -> true;
          };
      if (replaced) {
        return result;
      }
    }
    if (awaitUnstopped(supervision.stop(agent)) instanceof StopResult.DidNotStop(String cause)) {
      return new StartResult.DidNotStart("it did not stop: " + cause);
    }
    return context.stop().await(supervision.start(agent));
  }

  /** When no process was noted, nobody knows: the restart is done, perhaps again. */
  private static boolean isSuccessor(StepContext context, int pid) {
    String noted = context.memory().find(PID).orElse("0");
    return !noted.equals("0") && !noted.equals(Integer.toString(pid));
  }

  /** For example {@code scheduled, next run 2026-03-01 02:10 (Europe/Berlin)}. */
  static String scheduled(AgentRecord agent, Supervision supervision) {
    Optional<Instant> next = supervision.observe(agent.id()).nextRun();
    return agent
        .definition()
        .schedule()
        .flatMap(times ->
            next.map(
                run -> "scheduled, next run " + times.shown(run) + " (" + times.timezone() + ")"))
        .orElse("scheduled");
  }

  static String scheduled(StepContext context) throws Exception {
    return scheduled(context.requireAgent(), supervision(context));
  }

  /** The agent that recovery may have had to leave out. */
  static AgentRecord requireSupervised(StepContext context) throws Exception {
    AgentRecord agent = context.requireAgent();
    context.bench().supervised().require(agent);
    return agent;
  }

  private static Supervision supervision(StepContext context) throws Exception {
    requireSupervised(context);
    return context.bench().supervised().supervision();
  }

  private static <T> T awaitUnstopped(CompletionStage<T> stage) throws InterruptedException {
    try {
      return stage.toCompletableFuture().get();
    } catch (ExecutionException failed) {
      throw new IllegalStateException(failed.getCause());
    }
  }
}
