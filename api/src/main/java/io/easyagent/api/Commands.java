package io.easyagent.api;

import io.easyagent.api.Command.Kind;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Commands with options, each with just what it needs; the others are in {@link Command}. */
public final class Commands {
  private Commands() {}

  public static Command install(String definition, boolean start) {
    CommandDraft draft = new CommandDraft(Kind.install, Optional.empty());
    draft.definition = Optional.of(definition);
    draft.start = start ? Optional.of(true) : Optional.empty();
    return draft.build();
  }

  public static Command upgrade(String agent, String version) {
    CommandDraft draft = new CommandDraft(Kind.upgrade, Optional.of(agent));
    draft.packageVersion = Optional.of(version);
    return draft.build();
  }

  public static Command uninstall(String agent, boolean purge) {
    CommandDraft draft = new CommandDraft(Kind.uninstall, Optional.of(agent));
    draft.purge = purge ? Optional.of(true) : Optional.empty();
    return draft.build();
  }

  /** An argument vector. */
  public static Command exec(
      Optional<String> agent,
      List<String> command,
      Optional<String> user,
      Map<String, String> environment) {
    CommandDraft draft = exec(agent, user, environment);
    draft.command = Optional.of(List.copyOf(command));
    return draft.build();
  }

  /** A shell script and its parameters. */
  public static Command script(
      Optional<String> agent,
      String script,
      List<String> parameters,
      Optional<String> user,
      Map<String, String> environment) {
    CommandDraft draft = exec(agent, user, environment);
    draft.script = Optional.of(script);
    draft.parameters =
        parameters.isEmpty() ? Optional.empty() : Optional.of(List.copyOf(parameters));
    return draft.build();
  }

  private static CommandDraft exec(
      Optional<String> agent, Optional<String> user, Map<String, String> environment) {
    CommandDraft draft = new CommandDraft(Kind.exec, agent);
    draft.user = user;
    draft.environment =
        environment.isEmpty() ? Optional.empty() : Optional.of(Map.copyOf(environment));
    return draft;
  }
}
