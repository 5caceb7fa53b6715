package io.easyagent.sidecar.operation.work;

import io.easyagent.sidecar.agent.AgentDefinition;
import io.easyagent.sidecar.agent.DefinedFile;
import io.easyagent.sidecar.prepare.Account;
import io.easyagent.sidecar.prepare.AgentFolders;
import io.easyagent.sidecar.prepare.Variables;
import io.easyagent.sidecar.secret.Redaction;
import io.easyagent.sidecar.supervise.Tasks.Task;
import io.easyagent.sidecar.supervise.Tasks.TaskPlan;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * Asks the validate commands about the candidates, and, when the package changes, about every file.
 * The files in force are as they were if one refuses. A validate command may run again.
 */
record ValidateFiles() implements Step {
  private static final Duration LONGEST = Duration.ofMinutes(1);
  private static final int OUTPUT = 4 << 10;

  @Override
  public String name() {
    return "validate";
  }

  @Override
  public String doing() {
    return "validating the files";
  }

  @Override
  public Progress run(StepContext context) throws Exception {
    AgentDefinition definition = Definitions.of(context);
    AgentFolders folders = context.folders(definition.name());
    boolean all = Definitions.changesPackage(context);
    for (DefinedFile file : definition.files()) {
      Path candidate = context.bench().files().candidateOf(file, folders);
      if (file.validate().isPresent() && (all || candidate.startsWith(folders.candidates()))) {
        context.stop().check();
        Optional<Ending> refused = validate(context, definition, file, candidate);
        if (refused.isPresent()) {
          return new Progress.Finished(refused.get());
        }
      }
    }
    return Progress.next();
  }

  private Optional<Ending> validate(
      StepContext context, AgentDefinition definition, DefinedFile file, Path candidate)
      throws Exception {
    Variables variables = Definitions.fresh(context);
    Account account = context.bench().accounts().require(definition.user());
    Duration left = context.timeLeft();
    TaskPlan plan =
        new TaskPlan(
            context.bench().plans().validate(file, variables, candidate),
            context.bench().plans().environment(definition, variables),
            RunAs.user(context, account),
            context.folders(definition.name()).data(),
            left.compareTo(LONGEST) < 0 ? left : LONGEST,
            OUTPUT,
            Optional.of(context.agentId()));
    Redaction redaction = context.redaction();
    Task task = context.bench().tasks().run(context.taskId(this, file.path()), plan);
    var ended = OnceOnlyTask.await(context, task, redaction);
    task.clear();
    Ending ending = TaskEndings.withOutput(ended.end(), "validate " + file.path() + ": ");
    return switch (ending.verdict()) {
      case SUCCEEDED -> Optional.empty();
      case FAILED, STOPPED -> Optional.of(ending);
      case INTERRUPTED -> Optional.of(Ending.failed(ending.message()));
    };
  }
}
