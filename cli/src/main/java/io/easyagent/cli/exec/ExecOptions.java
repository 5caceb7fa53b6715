package io.easyagent.cli.exec;

import io.easyagent.api.Command;
import io.easyagent.api.Commands;
import io.easyagent.cli.session.CommandException;
import io.easyagent.cli.session.Inputs;
import io.easyagent.cli.session.Session;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What to run, and how. */
public final class ExecOptions {
  private static final int LARGEST_SCRIPT = 1 << 20;

  @Option(
      names = "--script",
      paramLabel = "FILE",
      description =
          "a shell script to run (- is standard input); what follows -- are its parameters")
  private @Nullable String script;

  @Option(names = "--user", paramLabel = "USER", description = "the user to run as")
  private @Nullable String user;

  @Option(
      names = {"-e", "--env"},
      paramLabel = "KEY=VALUE",
      description = "added to a clean environment; repeatable")
  private List<String> environment = new ArrayList<>();

  /**
   * The command that was typed.
   *
   * @param words the command, or the script's parameters
   */
  public Command command(Session session, Optional<String> agent, @Nullable List<String> words) {
    List<String> given = words == null ? List.of() : words;
    Map<String, String> variables = Inputs.pairs("--env", environment);
    Optional<String> asUser = Optional.ofNullable(user);
    if (script != null) {
      String text = Inputs.text(session, "--script", script, LARGEST_SCRIPT);
      return Commands.script(agent, text, given, asUser, variables);
    }
    if (given.isEmpty()) {
      throw CommandException.usage("nothing to run (expected: -- COMMAND or --script FILE)");
    }
    return Commands.exec(agent, given, asUser, variables);
  }
}
