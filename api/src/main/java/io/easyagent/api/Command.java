package io.easyagent.api;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is to be done; which fields are used follows from the kind.
 *
 * @param agent the agent's name; required for what is done to agents, and install and configure
 *     take it from the definition
 * @param definition install, configure: an agent definition, YAML or JSON, as text
 * @param start install: start the agent once it is installed (default false)
 * @param packageVersion upgrade only: the version to go to; the rest of the definition stays
 * @param command exec: an argument vector
 * @param script exec: a shell script in place of a command
 * @param parameters exec: the script's parameters
 * @param user exec: the user to run as; absent: the agent's user where an agent is named, else the
 *     sidecar's own
 * @param environment exec: added to a clean environment
 * @param purge uninstall: remove the agent's data folder too (default false)
 * @param version upgrade-sidecar: the version to go to
 * @param configuration configure-sidecar: the whole new sidecar.yaml, as text
 */
public record Command(
    Kind kind,
    Optional<String> agent,
    Optional<String> definition,
    Optional<Boolean> start,
    Optional<String> packageVersion,
    Optional<List<String>> command,
    Optional<String> script,
    Optional<List<String>> parameters,
    Optional<String> user,
    Optional<Map<String, String>> environment,
    Optional<Boolean> purge,
    Optional<String> version,
    Optional<String> configuration) {

  /** What is to be done with an agent that is there: start, stop, restart, uninstall. */
  public static Command ofAgent(Kind kind, String agent) {
    return new CommandDraft(kind, Optional.of(agent)).build();
  }

  /** What is to become of the agent that the definition names: install, configure. */
  public static Command define(Kind kind, String definition) {
    CommandDraft draft = new CommandDraft(kind, Optional.empty());
    draft.definition = Optional.of(definition);
    return draft.build();
  }

  /** An argument vector, run as the sidecar's own user. */
  public static Command exec(String... command) {
    CommandDraft draft = new CommandDraft(Kind.exec, Optional.empty());
    draft.command = Optional.of(List.of(command));
    return draft.build();
  }

  /** A shell script with its parameters, run as the sidecar's own user. */
  public static Command script(String script, String... parameters) {
    CommandDraft draft = new CommandDraft(Kind.exec, Optional.empty());
    draft.script = Optional.of(script);
    draft.parameters = Optional.of(List.of(parameters));
    return draft.build();
  }

  /** The hosts' sidecars go to another version. */
  public static Command upgradeSidecar(String version) {
    CommandDraft draft = new CommandDraft(Kind.upgradeSidecar, Optional.empty());
    draft.version = Optional.of(version);
    return draft.build();
  }

  /** The hosts' sidecars get another configuration. */
  public static Command configureSidecar(String configuration) {
    CommandDraft draft = new CommandDraft(Kind.configureSidecar, Optional.empty());
    draft.configuration = Optional.of(configuration);
    return draft.build();
  }

  /**
   * The operations of an agent's life, where an upgrade is a configure that changes the package
   * version alone, and of the sidecar's own.
   */
  public enum Kind {
    install,
    configure,
    upgrade,
    start,
    stop,
    restart,
    exec,
    uninstall,
    @JsonProperty("upgrade-sidecar")
    upgradeSidecar,
    @JsonProperty("configure-sidecar")
    configureSidecar;

    /** As it is written. */
    @Override
    public String toString() {
      return switch (this) {
        case install, configure, upgrade, start, stop, restart, exec, uninstall -> name();
        case upgradeSidecar -> "upgrade-sidecar";
        case configureSidecar -> "configure-sidecar";
      };
    }
  }
}
