package io.easyagent.cli.progress;

import io.easyagent.api.Command;
import io.easyagent.api.Command.Kind;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The API's commands, each with just what it needs. */
public final class Commands {
  private Commands() {}

  /** Start, stop and restart. */
  public static Command plain(Kind kind, String agent) {
    return new Draft(kind, Optional.of(agent)).build();
  }

  public static Command install(String definition, boolean start) {
    Draft draft = new Draft(Kind.install, Optional.empty());
    draft.definition = Optional.of(definition);
    draft.start = start ? Optional.of(true) : Optional.empty();
    return draft.build();
  }

  public static Command configure(String definition) {
    Draft draft = new Draft(Kind.configure, Optional.empty());
    draft.definition = Optional.of(definition);
    return draft.build();
  }

  public static Command upgrade(String agent, String version) {
    Draft draft = new Draft(Kind.upgrade, Optional.of(agent));
    draft.packageVersion = Optional.of(version);
    return draft.build();
  }

  public static Command uninstall(String agent, boolean purge) {
    Draft draft = new Draft(Kind.uninstall, Optional.of(agent));
    draft.purge = purge ? Optional.of(true) : Optional.empty();
    return draft.build();
  }

  /** An argument vector. */
  public static Command exec(
      Optional<String> agent,
      List<String> command,
      Optional<String> user,
      Map<String, String> environment) {
    Draft draft = exec(agent, user, environment);
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
    Draft draft = exec(agent, user, environment);
    draft.script = Optional.of(script);
    draft.parameters =
        parameters.isEmpty() ? Optional.empty() : Optional.of(List.copyOf(parameters));
    return draft.build();
  }

  private static Draft exec(
      Optional<String> agent, Optional<String> user, Map<String, String> environment) {
    Draft draft = new Draft(Kind.exec, agent);
    draft.user = user;
    draft.environment =
        environment.isEmpty() ? Optional.empty() : Optional.of(Map.copyOf(environment));
    return draft;
  }

  private static final class Draft {
    private final Kind kind;
    private final Optional<String> agent;
    private Optional<String> definition = Optional.empty();
    private Optional<Boolean> start = Optional.empty();
    private Optional<String> packageVersion = Optional.empty();
    private Optional<List<String>> command = Optional.empty();
    private Optional<String> script = Optional.empty();
    private Optional<List<String>> parameters = Optional.empty();
    private Optional<String> user = Optional.empty();
    private Optional<Map<String, String>> environment = Optional.empty();
    private Optional<Boolean> purge = Optional.empty();

    private Draft(Kind kind, Optional<String> agent) {
      this.kind = kind;
      this.agent = agent;
    }

    private Command build() {
      return new Command(
          kind,
          agent,
          definition,
          start,
          packageVersion,
          command,
          script,
          parameters,
          user,
          environment,
          purge,
          Optional.empty(),
          Optional.empty());
    }
  }
}
