package io.easyagent.sidecar.operation.work;

/** The agent's program is there by now, and may be executed. */
record CheckProgram() implements Step {

  @Override
  public String name() {
    return "program";
  }

  @Override
  public String doing() {
    return "looking for the program";
  }

  @Override
  public Progress run(StepContext context) throws Exception {
    context.bench().plans().requireProgram(Definitions.of(context), Definitions.fresh(context));
    return Progress.next();
  }
}
