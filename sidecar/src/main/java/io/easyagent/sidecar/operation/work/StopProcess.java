package io.easyagent.sidecar.operation.work;

import io.easyagent.sidecar.supervise.Supervision.StopResult;

/** Stops the agent; returns when nothing of its tree is left. */
record StopProcess() implements Step {

  @Override
  public String name() {
    return "stop";
  }

  @Override
  public String doing() {
    return "waiting for the agent to stop; it is left stopping";
  }

  @Override
  public boolean mayStopBefore() {
    return false;
  }

  @Override
  public Progress run(StepContext context) throws Exception {
    var agent = AgentProcess.requireSupervised(context);
    var stop = context.bench().supervised().supervision().stop(agent.id());
    return switch (context.stop().await(stop)) {
      case StopResult.Stopped(boolean killed) ->
          said(context, killed ? "stopped, killed after its grace" : "stopped");
      case StopResult.AlreadyStopped() -> said(context, "stopped already");
      case StopResult.DidNotStop(String cause) ->
          Progress.failed("the agent did not stop: " + cause);
    };
  }

  private static Progress said(StepContext context, String message) {
    Messages.say(context, message);
    return Progress.next();
  }
}
