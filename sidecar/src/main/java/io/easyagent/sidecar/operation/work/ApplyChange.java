package io.easyagent.sidecar.operation.work;

import io.easyagent.sidecar.agent.AgentRecord;
import io.easyagent.sidecar.agent.AgentType;
import io.easyagent.sidecar.agent.DesiredState;
import io.easyagent.sidecar.agent.ObservedAgent;
import io.easyagent.sidecar.supervise.Supervision.StartResult;

/**
 * Brings a running agent to the new definition: by a restart, by signals, or not at all. A signal
 * is sent again when the sidecar died in this step; what reloads on it reloads the same files.
 */
record ApplyChange() implements Step {

  @Override
  public String name() {
    return "apply";
  }

  @Override
  public String doing() {
    return "applying the change";
  }

  @Override
  public boolean mayStopBefore() {
    return false;
  }

  @Override
  public Progress run(StepContext context) throws Exception {
    Consequence consequence =
        Consequence.parse(context.memory().find(RenderFiles.CONSEQUENCE).orElse("restart"));
    AgentRecord agent = AgentProcess.requireSupervised(context);
    if (!isConcerned(context, agent)) {
      return say(context, "in force");
    }
    return switch (consequence) {
      case Consequence.Nothing(boolean changed) -> say(context, words(context, changed));
      case Consequence.Signals(var names) -> {
        for (String name : names) {
          context.bench().supervised().supervision().signal(agent.id(), name);
        }
        yield say(context, "in force, signal " + String.join(", ", names) + " sent");
      }
      case Consequence.Restart() -> restart(context);
    };
  }

  private static String words(StepContext context, boolean changed) {
    if (!changed) {
      return "unchanged";
    }
    return Definitions.startAsked(context) ? "in force" : "in force, nothing restarted";
  }

  /** A oneshot that has ended is not run again by a change. */
  private static boolean isConcerned(StepContext context, AgentRecord agent) {
    ObservedAgent.State state =
        context.bench().supervised().supervision().observe(agent.id()).state();
    boolean ended = state == ObservedAgent.State.EXITED || state == ObservedAgent.State.STOPPED;
    return agent.desired() == DesiredState.RUNNING
        && !(ended && agent.definition().type() == AgentType.ONESHOT)
        && !(ended && Definitions.startAsked(context) && !context.resumedHere());
  }

  private Progress restart(StepContext context) throws Exception {
    return switch (AgentProcess.restart(context)) {
      case StartResult.Started(int pid) -> say(context, "in force, restarted, pid " + pid);
      case StartResult.Scheduled() -> say(context, "in force, " + AgentProcess.scheduled(context));
      case StartResult.AlreadyRunning(int pid) -> say(context, "in force, restarted, pid " + pid);
      case StartResult.DidNotStart(String cause) -> didNotStart(context, cause);
    };
  }

  /** Which revision runs, or tries to, and what there is to go back to. */
  static Progress didNotStart(StepContext context, String cause) {
    return Progress.failed(
        "revision "
            + Definitions.revision(context)
            + " is in force, but the agent did not start: "
            + cause
            + SwitchVersion.findBefore(context)
                .map(version -> " (version " + version + " is kept)")
                .orElse(""));
  }

  private static Progress say(StepContext context, String what) {
    Messages.say(context, "revision " + Definitions.revision(context) + " " + what);
    return Progress.next();
  }
}
