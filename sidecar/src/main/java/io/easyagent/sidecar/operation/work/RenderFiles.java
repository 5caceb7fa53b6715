package io.easyagent.sidecar.operation.work;

import io.easyagent.sidecar.agent.AgentDefinition;
import io.easyagent.sidecar.agent.AgentRecord;
import io.easyagent.sidecar.prepare.ConfigFiles.Change;
import io.easyagent.sidecar.prepare.LaunchPlans;
import io.easyagent.sidecar.prepare.PrepareException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Lays out the files that differ beside those in force, and decides what their change asks for. */
record RenderFiles() implements Step {
  /** What is to be done once everything is in force; see {@link Consequence}. */
  static final String CONSEQUENCE = "consequence";

  @Override
  public String name() {
    return "render";
  }

  @Override
  public String doing() {
    return "rendering the files";
  }

  @Override
  public Progress run(StepContext context) throws Exception {
    AgentDefinition definition = Definitions.of(context);
    List<Change> changes =
        context
            .bench()
            .files()
            .layOut(
                definition,
                Definitions.fresh(context),
                context.folders(definition.name()),
                context.bench().accounts().require(definition.user()));
    Consequence consequence = new Consequence.Nothing(!changes.isEmpty());
    Optional<AgentRecord> agent = context.findAgent();
    if (agent.isPresent()) {
      consequence =
          secretEnvironmentChanges(context, agent.get(), definition)
              ? new Consequence.Restart()
              : Consequence.of(agent.get().definition(), definition, changes);
    }
    context.memory().put(CONSEQUENCE, consequence.format());
    return Progress.next();
  }

  /** A running process has the value that it was launched with. */
  private static boolean secretEnvironmentChanges(
      StepContext context, AgentRecord agent, AgentDefinition definition) throws PrepareException {
    LaunchPlans plans = context.bench().plans();
    Map<String, String> after = plans.secretEnvironment(definition, Definitions.fresh(context));
    try {
      return !after.equals(
          plans.secretEnvironment(
              agent.definition(),
              context.bench().variables().kept(agent.id(), agent.definition())));
    } catch (PrepareException nothingToCompareWith) {
      return true;
    }
  }
}
