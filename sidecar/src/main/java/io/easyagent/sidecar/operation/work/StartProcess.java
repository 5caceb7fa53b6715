package io.easyagent.sidecar.operation.work;

import io.easyagent.sidecar.supervise.Supervision.StartResult;

/**
 * Starts the agent and waits until it is ready.
 *
 * @param installing as the last step of an install, when that asks for a start
 */
record StartProcess(boolean installing) implements Step {

  @Override
  public String name() {
    return "start";
  }

  @Override
  public String doing() {
    return "waiting for the agent to be ready; it is left starting";
  }

  @Override
  public boolean mayStopBefore() {
    return !installing;
  }

  @Override
  public Progress run(StepContext context) throws Exception {
    if (installing && !Definitions.startAsked(context)) {
      return Progress.next();
    }
    String prefix = installing ? Messages.said(context) + ", " : "";
    return switch (AgentProcess.start(context)) {
      case StartResult.Started(int pid) ->
          said(context, prefix + (pid == 0 ? "ran to its end" : "started, pid " + pid));
      case StartResult.Scheduled() -> said(context, prefix + AgentProcess.scheduled(context));
      case StartResult.AlreadyRunning(int pid) -> said(context, prefix + "running, pid " + pid);
      case StartResult.DidNotStart(String cause) ->
          installing
              ? ApplyChange.didNotStart(context, cause)
              : Progress.failed("the agent did not start: " + cause);
    };
  }

  private static Progress said(StepContext context, String message) {
    Messages.say(context, message);
    return Progress.next();
  }
}
