package io.easyagent.sidecar.operation.work;

import io.easyagent.sidecar.agent.AgentRecord;
import io.easyagent.sidecar.agent.DesiredState;

/**
 * Gives supervision the plan of the next launch, and notes which process runs now: any other was
 * launched by the new plan.
 */
record PlanLaunch() implements Step {

  @Override
  public String name() {
    return "plan";
  }

  @Override
  public String doing() {
    return "planning the launch";
  }

  @Override
  public boolean mayStopBefore() {
    return false;
  }

  @Override
  public Progress run(StepContext context) throws Exception {
    AgentRecord agent = context.requireAgent();
    context.bench().supervised().apply(agent, DesiredState.STOPPED);
    AgentProcess.notePid(context);
    return Progress.next();
  }
}
