package io.easyagent.sidecar.operation.work;

import io.easyagent.sidecar.operation.Command;
import io.easyagent.sidecar.prepare.Account;
import io.easyagent.sidecar.prepare.Environments;
import io.easyagent.sidecar.prepare.PrepareException;
import io.easyagent.sidecar.prepare.Programs;
import io.easyagent.sidecar.supervise.Tasks.Task;
import io.easyagent.sidecar.supervise.Tasks.TaskPlan;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Executing a command: checked first, then launched once. */
final class RunCommand {
  private static final int OUTPUT = 64 << 10;

  private RunCommand() {}

  /** Refuses what cannot be launched: after this step, a launch may have happened. */
  record Check() implements Step {
    @Override
    public String name() {
      return "check";
    }

    @Override
    public String doing() {
      return "checking the command";
    }

    @Override
    public Progress run(StepContext context) throws Exception {
      Command.Exec exec = exec(context);
      Account account = account(context, exec);
      environment(context, exec, account);
      switch (exec.work()) {
        case Command.Exec.Work.Arguments(List<String> command) ->
            Programs.resolve(command, path(exec));
        case Command.Exec.Work.ShellScript(String script, List<String> parameters) -> {
          if (script.isBlank()) {
            return Progress.failed("script: empty (expected: at least one command)");
          }
        }
      }
      return Progress.next();
    }
  }

  /** Launches it, once, and waits for its end. */
  record Launch() implements Step {
    @Override
    public String name() {
      return "launch";
    }

    @Override
    public String doing() {
      return "it ran; its processes were killed";
    }

    @Override
    public Progress run(StepContext context) throws Exception {
      UUID id = context.taskId(this, "");
      return new Progress.Finished(
          switch (OnceOnlyTask.run(context, id, () -> plan(context, id))) {
            case OnceOnlyTask.Result.Lost(String reason) -> Ending.interrupted(reason);
            case OnceOnlyTask.Result.Ended(var end) -> TaskEndings.of(end, "");
          });
    }

    @Override
    public boolean mayStopBefore() {
      return true;
    }

    @Override
    public void settle(StepContext context) throws Exception {
      UUID id = context.taskId(this, "");
      context.bench().tasks().find(id).ifPresent(Task::clear);
      context.bench().scripts().remove(id);
    }
  }

  private static TaskPlan plan(StepContext context, UUID id) throws Exception {
    Command.Exec exec = exec(context);
    Account account = account(context, exec);
    List<String> command =
        switch (exec.work()) {
          case Command.Exec.Work.Arguments(List<String> arguments) ->
              Programs.resolve(arguments, path(exec));
          case Command.Exec.Work.ShellScript(String script, List<String> parameters) ->
              context.bench().scripts().write(id, script, parameters, account);
        };
    return new TaskPlan(
        command,
        environment(context, exec, account),
        RunAs.user(context, account),
        folder(context, exec, account),
        context.timeLeft(),
        OUTPUT);
  }

  private static Command.Exec exec(StepContext context) {
    return (Command.Exec) context.command().command();
  }

  private static Account account(StepContext context, Command.Exec exec) throws PrepareException {
    Optional<String> user = exec.user();
    if (user.isEmpty() && exec.agentId().isPresent()) {
      user = Optional.of(context.requireAgent().definition().user());
    }
    return user.isPresent()
        ? context.bench().accounts().require(user.get())
        : context.bench().accounts().own();
  }

  private static Map<String, String> environment(
      StepContext context, Command.Exec exec, Account account) throws PrepareException {
    Path home = isAgents(context, exec, account) ? folder(context, exec, account) : account.home();
    return Environments.of(account.name(), home, exec.environment());
  }

  private static Path folder(StepContext context, Command.Exec exec, Account account)
      throws PrepareException {
    return isAgents(context, exec, account)
        ? context.folders(context.requireAgent().definition().name()).data()
        : Path.of("/");
  }

  /**
   * Whether it runs in the agent's data folder. Another user does not, least of all root: many
   * programs take settings and code from where they are and from their home.
   */
  private static boolean isAgents(StepContext context, Command.Exec exec, Account account)
      throws PrepareException {
    return exec.agentId().isPresent()
        && context.bench().accounts().require(context.requireAgent().definition().user()).uid()
            == account.uid();
  }

  private static String path(Command.Exec exec) {
    return exec.environment().getOrDefault("PATH", Programs.PATH);
  }
}
