package io.easyagent.sidecar.operation.work;

import io.easyagent.sidecar.agent.AgentDefinition;
import io.easyagent.sidecar.agent.AgentRecord;
import io.easyagent.sidecar.operation.Command;
import java.util.Optional;

/** Refuses what cannot work before anything is changed. */
record CheckDefinition() implements Step {

  @Override
  public String name() {
    return "check";
  }

  @Override
  public String doing() {
    return "checking the definition";
  }

  @Override
  public Progress run(StepContext context) throws Exception {
    AgentDefinition definition = Definitions.of(context);
    Optional<AgentRecord> installed = context.findAgent();
    if (context.command().command() instanceof Command.Configure) {
      context.requireAgent();
    }
    if (installed.isPresent() && !installed.get().definition().name().equals(definition.name())) {
      return Progress.failed(
          "name: "
              + definition.name()
              + " (expected: "
              + installed.get().definition().name()
              + ", because an agent keeps its name)");
    }
    for (AgentRecord other : context.bench().journal().state().agents().values()) {
      if (other.definition().name().equals(definition.name())
          && !other.id().equals(context.agentId())) {
        return Progress.failed(
            "name: "
                + definition.name()
                + " (expected: a name that is free on this host; agent "
                + other.id()
                + " has it)");
      }
    }
    context.bench().accounts().require(definition.user());
    context.bench().plans().check(definition, Definitions.withoutSecrets(context));
    return Progress.next();
  }
}
