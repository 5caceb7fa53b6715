package io.easyagent.cli.exec;

import io.easyagent.cli.progress.SubmitOptions;
import io.easyagent.cli.session.Session;
import io.easyagent.cli.target.TargetOptions;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code easyagent exec --hosts role=web -- uptime}. */
@Command(
    name = "exec",
    description = "run a command or script on hosts and show what it prints",
    footer = {
      "",
      "  easyagent exec --hosts role=web -- uptime",
      "  easyagent exec --host web-1 --script check.sh -- fast"
    })
public final class ExecCommand implements Callable<Integer> {
  private final Session session;

  @Parameters(
      arity = "0..*",
      paramLabel = "WORD",
      description = "after --: the command, or the script's parameters")
  private @Nullable List<String> words;

  @Mixin private ExecOptions exec = new ExecOptions();
  @Mixin private TargetOptions targets = new TargetOptions();
  @Mixin private SubmitOptions options = new SubmitOptions();

  public ExecCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    return new Execution(session, options)
        .run(exec.command(session, Optional.empty(), words), targets.require(session));
  }
}
