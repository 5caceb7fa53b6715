package io.easyagent.cli;

import io.easyagent.cli.session.CommandException;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/**
 * Stands in the help. The distribution's start script starts the server itself and never comes
 * here: server and command line meet only through the API.
 */
@Command(name = "server", description = "run the server (easyagent server --help)")
final class ServerCommand implements Callable<Integer> {
  @Parameters(arity = "0..*", hidden = true)
  private @Nullable List<String> arguments;

  @Override
  public Integer call() {
    throw CommandException.usage(
        "the server is started by the start script easyagent of the distribution"
            + (arguments == null ? "" : ", with " + String.join(" ", arguments)));
  }
}
