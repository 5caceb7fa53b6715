package io.easyagent.sidecar.operation.work;

import io.easyagent.sidecar.operation.Command;

/**
 * The command names an agent of this host, and it is supervised. To uninstall what is not there is
 * no failure: a server that was restored may list an agent that has been uninstalled since.
 */
record CheckInstalled() implements Step {

  @Override
  public String name() {
    return "check";
  }

  @Override
  public String doing() {
    return "looking for the agent";
  }

  @Override
  public Progress run(StepContext context) throws Exception {
    Command command = context.command().command();
    if (command instanceof Command.Uninstall && context.findAgent().isEmpty()) {
      return new Progress.Finished(Ending.succeeded("it was not installed"));
    }
    var agent = AgentProcess.requireSupervised(context);
    if (command instanceof Command.Start || command instanceof Command.Restart) {
      context
          .bench()
          .plans()
          .requireProgram(
              agent.definition(), context.bench().variables().kept(agent.id(), agent.definition()));
    }
    return Progress.next();
  }
}
