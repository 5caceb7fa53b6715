package io.easyagent.sidecar.operation.work;

import io.easyagent.sidecar.agent.AgentDefinition;
import io.easyagent.sidecar.prepare.ConfigFiles.Change;
import java.util.List;

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
    Consequence consequence =
        context
            .findAgent()
            .map(agent -> Consequence.of(agent.definition(), definition, changes))
            .orElse(new Consequence.Nothing(!changes.isEmpty()));
    context.memory().put(CONSEQUENCE, consequence.format());
    return Progress.next();
  }
}
