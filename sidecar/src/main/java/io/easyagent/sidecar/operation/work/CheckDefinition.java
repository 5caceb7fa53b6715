package io.easyagent.sidecar.operation.work;

import io.easyagent.sidecar.agent.AgentDefinition;
import io.easyagent.sidecar.agent.AgentRecord;
import io.easyagent.sidecar.agent.StartOrder;
import io.easyagent.sidecar.operation.Command;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
                + (other.id().isHosts() ? ", which is defined on the host," : "")
                + " has it)");
      }
    }
    Optional<List<String>> cycle = cycle(context, definition);
    if (cycle.isPresent()) {
      return Progress.failed(
          "after: "
              + String.join(" → ", cycle.get())
              + " (expected: an order without a circle, with the agents of this host)");
    }
    context.bench().accounts().require(definition.user());
    context.bench().plans().check(definition, Definitions.withoutSecrets(context));
    return Progress.next();
  }

  private static Optional<List<String>> cycle(StepContext context, AgentDefinition definition) {
    // The new one first: it closes the circle, and is named first.
    Map<String, List<String>> after = new LinkedHashMap<>();
    after.put(definition.name(), definition.after());
    for (AgentRecord other : context.bench().journal().state().agents().values()) {
      after.putIfAbsent(other.definition().name(), other.definition().after());
    }
    return StartOrder.findCycle(after);
  }
}
