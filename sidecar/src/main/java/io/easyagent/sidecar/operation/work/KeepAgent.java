package io.easyagent.sidecar.operation.work;

/** The new definition is in force from here on, also for a sidecar that starts anew. */
record KeepAgent() implements Step {

  @Override
  public String name() {
    return "keep";
  }

  @Override
  public String doing() {
    return "keeping the agent";
  }

  @Override
  public boolean mayStopBefore() {
    return false;
  }

  @Override
  public Progress run(StepContext context) throws Exception {
    var before = context.findAgent();
    var record = Definitions.record(context);
    if (before.isEmpty() || !before.get().equals(record)) {
      context.keep(record);
    }
    return Progress.next();
  }
}
