package io.easyagent.sidecar.operation.work;

import io.easyagent.sidecar.agent.AgentDefinition;

/** The agent's folders, with their modes and owners. */
record CreateFolders() implements Step {

  @Override
  public String name() {
    return "folders";
  }

  @Override
  public String doing() {
    return "creating the folders";
  }

  @Override
  public Progress run(StepContext context) throws Exception {
    AgentDefinition definition = Definitions.of(context);
    context
        .bench()
        .layout()
        .create(
            context.folders(definition.name()),
            context.bench().accounts().require(definition.user()));
    return Progress.next();
  }
}
