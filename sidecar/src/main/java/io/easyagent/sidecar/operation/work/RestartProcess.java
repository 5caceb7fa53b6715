package io.easyagent.sidecar.operation.work;

import io.easyagent.sidecar.supervise.Supervision.StartResult;

/** Stops the agent and starts it. */
record RestartProcess() implements Step {

  @Override
  public String name() {
    return "restart";
  }

  @Override
  public String doing() {
    return "waiting for the agent to be ready; it is left starting";
  }

  @Override
  public Progress run(StepContext context) throws Exception {
    return switch (AgentProcess.restart(context)) {
      case StartResult.Started(int pid) -> said(context, pid);
      case StartResult.Scheduled() -> {
        Messages.say(context, AgentProcess.scheduled(context));
        yield Progress.next();
      }
      case StartResult.AlreadyRunning(int pid) -> said(context, pid);
      case StartResult.DidNotStart(String cause) ->
          Progress.failed("the agent did not start: " + cause);
    };
  }

  private static Progress said(StepContext context, int pid) {
    Messages.say(context, pid == 0 ? "ran to its end" : "restarted, pid " + pid);
    return Progress.next();
  }
}
