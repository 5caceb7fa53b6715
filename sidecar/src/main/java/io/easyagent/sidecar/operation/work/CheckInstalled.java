package io.easyagent.sidecar.operation.work;

import io.easyagent.sidecar.operation.Command;

/** The command names an agent of this host, and it is supervised. */
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
    var agent = AgentProcess.requireSupervised(context);
    Command command = context.command().command();
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
