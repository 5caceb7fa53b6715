package io.easyagent.cli;

import io.easyagent.cli.session.CommandException;
import io.easyagent.cli.session.GlobalOptions;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** The command {@code easyagent} itself. */
@Command(
    name = "easyagent",
    description = "Manages agents, the programs that people run, on many hosts.",
    footer = {
      "",
      "Exit status: 0 done, 1 an operation failed, 2 wrong usage,",
      "3 server not reachable, 4 not allowed,",
      "5 accepted but not finished at --timeout."
    })
final class EasyAgentCommand implements Callable<Integer> {
  @Mixin private final GlobalOptions options;

  EasyAgentCommand(GlobalOptions options) {
    this.options = options;
  }

  @Override
  public Integer call() {
    throw CommandException.usage("which command? (easyagent --help lists them)");
  }

  GlobalOptions options() {
    return options;
  }
}
