package io.easyagent.server.operation;

import io.easyagent.definition.SecretReferences;
import io.easyagent.server.agent.DefinitionText;
import io.easyagent.server.agent.StoredDefinition;
import io.easyagent.server.agent.definition.DefinitionLevel;
import io.easyagent.server.fleet.HostBrief;
import java.util.Arrays;
import java.util.Optional;

/** What a sidecar must understand to take a command. */
public enum Capability {
  /** Agent definitions. */
  DEFINITION("definition-1", "2.0"),
  /** Argument vectors to execute, beside the scripts of 1.0. */
  EXEC_VECTOR("exec-vector-1", "2.0"),
  /** Definitions that name secrets, whose values the sidecar fetches itself. */
  SECRETS("secrets-1", "2.0"),
  /** Definitions with keys of the second level, see {@link DefinitionLevel}. */
  DEFINITION_2("definition-2", "2.0"),
  /** Definitions with keys of the third level, see {@link DefinitionLevel}. */
  DEFINITION_3("definition-3", "2.0"),
  /** Streams of what agents print; no command needs it. */
  LOG_STREAM("log-stream-1", "2.0"),
  /** Those that begin at a time; no command needs it. */
  LOG_STREAM_SINCE("log-stream-2", "2.0"),
  /** Another version of itself, and another configuration. */
  SIDECAR_UPGRADE("sidecar-upgrade-1", "2.0");

  private final String text;
  private final String since;

  Capability(String text, String since) {
    this.text = text;
    this.since = since;
  }

  /** As it is written on the wire. */
  public String text() {
    return text;
  }

  private boolean isNeededFor(Command command) {
    return switch (this) {
      case DEFINITION -> definition(command).isPresent();
      case EXEC_VECTOR ->
          command instanceof Command.Exec exec
              && exec.work() instanceof Command.Exec.Work.Arguments;
      case SECRETS ->
          definition(command)
              .map(StoredDefinition::of)
              .filter(stored -> !SecretReferences.names(stored.definition()).isEmpty())
              .isPresent();
      case DEFINITION_2 ->
          definition(command)
              .map(StoredDefinition::of)
              .filter(stored -> DefinitionLevel.isSecond(stored.definition()))
              .isPresent();
      case DEFINITION_3 ->
          definition(command)
              .map(StoredDefinition::of)
              .filter(stored -> DefinitionLevel.isThird(stored.definition()))
              .isPresent();
      case LOG_STREAM, LOG_STREAM_SINCE -> false;
      case SIDECAR_UPGRADE ->
          command instanceof Command.UpgradeSidecar || command instanceof Command.ConfigureSidecar;
    };
  }

  private static Optional<DefinitionText> definition(Command command) {
    return switch (command) {
      case Command.Install install -> Optional.of(install.definition());
      case Command.Configure configure -> Optional.of(configure.definition());
      case Command.Start start -> Optional.empty();
      case Command.Stop stop -> Optional.empty();
      case Command.Restart restart -> Optional.empty();
      case Command.Uninstall uninstall -> Optional.empty();
      case Command.Exec exec -> Optional.empty();
      case Command.UpgradeSidecar upgrade -> Optional.empty();
      case Command.ConfigureSidecar configure -> Optional.empty();
    };
  }

  /** What the host's sidecar lacks, and what has it; empty when it has it. */
  public Optional<String> lacking(HostBrief host) {
    return host.capabilities().contains(text)
        ? Optional.empty()
        : Optional.of(
            "the sidecar of %s does not understand %s (expected: version %s or later)"
                .formatted(host.name(), text, since));
  }

  /** Why the host cannot take the command; empty when it can, or when its sidecar is not known. */
  static Optional<String> lacking(HostBrief host, Command command) {
    if (!host.known()) {
      return Optional.empty();
    }
    return Arrays.stream(values())
        .filter(each -> each.isNeededFor(command))
        .flatMap(each -> each.lacking(host).stream())
        .findFirst();
  }
}
