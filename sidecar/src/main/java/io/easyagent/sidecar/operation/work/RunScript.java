package io.easyagent.sidecar.operation.work;

import io.easyagent.sidecar.agent.AgentDefinition;
import io.easyagent.sidecar.agent.Script;
import io.easyagent.sidecar.prepare.Account;
import io.easyagent.sidecar.prepare.Variables;
import io.easyagent.sidecar.supervise.Tasks.Task;
import io.easyagent.sidecar.supervise.Tasks.TaskPlan;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Runs a definition's install or uninstall script, once, as the agent's user. */
record RunScript(Which which) implements Step {
  private static final int OUTPUT = 64 << 10;

  enum Which {
    INSTALL("install-script", "install script"),
    UNINSTALL("uninstall-script", "uninstall script");

    private final String step;
    private final String words;

    Which(String step, String words) {
      this.step = step;
      this.words = words;
    }
  }

  @Override
  public String name() {
    return which.step;
  }

  @Override
  public String doing() {
    return "running the " + which.words;
  }

  @Override
  public Progress run(StepContext context) throws Exception {
    Optional<Script> script = find(context);
    if (script.isEmpty()) {
      return Progress.next();
    }
    UUID id = context.taskId(this, "");
    return switch (OnceOnlyTask.run(context, id, () -> plan(context, id, script.get()))) {
      case OnceOnlyTask.Result.Lost(String reason) ->
          new Progress.Finished(Ending.interrupted(which.words + ": " + reason));
      case OnceOnlyTask.Result.Ended(var end) -> {
        Ending ending = TaskEndings.withOutput(end, which.words + ": ");
        yield ending.verdict() == Verdict.SUCCEEDED
            ? Progress.next()
            : new Progress.Finished(ending);
      }
    };
  }

  @Override
  public void settle(StepContext context) throws Exception {
    UUID id = context.taskId(this, "");
    context.bench().tasks().find(id).ifPresent(Task::clear);
    context.bench().scripts().remove(id);
  }

  /** An install script runs for what is new: another script, or another package. */
  private Optional<Script> find(StepContext context) throws Exception {
    return switch (which) {
      case INSTALL -> {
        Optional<Script> wanted = Definitions.of(context).install();
        boolean done =
            !Definitions.changesPackage(context)
                && context
                    .findAgent()
                    .map(agent -> agent.definition().install().equals(wanted))
                    .orElse(false);
        yield done ? Optional.empty() : wanted;
      }
      case UNINSTALL -> context.requireAgent().definition().uninstall();
    };
  }

  private TaskPlan plan(StepContext context, UUID id, Script script) throws Exception {
    AgentDefinition definition =
        switch (which) {
          case INSTALL -> Definitions.of(context);
          case UNINSTALL -> context.requireAgent().definition();
        };
    Variables variables =
        switch (which) {
          case INSTALL -> Definitions.fresh(context);
          case UNINSTALL -> context.bench().variables().kept(context.agentId(), definition);
        };
    Account account = context.bench().accounts().require(definition.user());
    List<String> parameters = context.bench().plans().parameters(script.parameters(), variables);
    Duration left = context.timeLeft();
    return new TaskPlan(
        context.bench().scripts().write(id, script.script(), parameters, account),
        context.bench().plans().environment(definition, variables),
        RunAs.user(context, account),
        context.folders(definition.name()).data(),
        script.timeout().compareTo(left) < 0 && script.timeout().isPositive()
            ? script.timeout()
            : left,
        OUTPUT,
        Optional.of(context.agentId()));
  }
}
