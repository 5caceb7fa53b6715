package io.easyagent.sidecar.operation.work;

import io.easyagent.sidecar.agent.AgentDefinition;

/** Moves the candidates over the files in force. From here on the operation goes to its end. */
record ReplaceFiles() implements Step {

  @Override
  public String name() {
    return "replace";
  }

  @Override
  public String doing() {
    return "replacing the files";
  }

  @Override
  public Progress run(StepContext context) throws Exception {
    AgentDefinition definition = Definitions.of(context);
    context
        .bench()
        .variables()
        .keep(definition, context.command().hostName(), context.command().labels());
    context.bench().secrets().putInForce(definition, context.folders(definition.name()));
    context
        .bench()
        .files()
        .replace(
            definition,
            context.folders(definition.name()),
            context.bench().accounts().require(definition.user()));
    return Progress.next();
  }
}
