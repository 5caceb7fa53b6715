package io.easyagent.cli;

import io.easyagent.cli.session.ExitStatus;
import io.easyagent.cli.session.Session;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** A script with which the shell completes commands and options. */
@Command(
    name = "completion",
    description = "print the completion script for bash and zsh",
    footer = {"", "  source <(easyagent completion)"})
final class CompletionCommand implements Callable<Integer> {
  private final Session session;

  @Spec private @Nullable CommandSpec spec;

  CompletionCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() {
    CommandSpec own = Objects.requireNonNull(spec);
    CommandLine root = own.root().commandLine();
    session.console().printText(AutoComplete.bash("easyagent", root));
    return ExitStatus.DONE;
  }
}
