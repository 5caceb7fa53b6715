package io.easyagent.sidecar.operation.work;

import io.easyagent.sidecar.agent.AgentRecord;
import io.easyagent.sidecar.agent.DesiredState;

/** Keeps what the agent is told to be, before it is told. */
record KeepDesired(DesiredState desired) implements Step {

  @Override
  public String name() {
    return "desired";
  }

  @Override
  public String doing() {
    return "keeping what is desired";
  }

  @Override
  public Progress run(StepContext context) throws Exception {
    AgentRecord agent = AgentProcess.requireSupervised(context);
    if (agent.desired() != desired) {
      context.keep(agent.withDesired(desired));
    }
    AgentProcess.notePid(context);
    return Progress.next();
  }
}
