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
  DEFINITION("definition-1"),
  /** Argument vectors to execute, beside the scripts of 1.0. */
  EXEC_VECTOR("exec-vector-1"),
  /** Definitions that name secrets, whose values the sidecar fetches itself. */
  SECRETS("secrets-1"),
  /** Definitions with keys of the second level, see {@link DefinitionLevel}. */
  DEFINITION_2("definition-2"),
  /** Definitions with keys of the third level, see {@link DefinitionLevel}. */
  DEFINITION_3("definition-3"),
  /** Streams of what agents print; no command needs it. */
  LOG_STREAM("log-stream-1"),
  /** Those that begin at a time; no command needs it. */
  LOG_STREAM_SINCE("log-stream-2"),
  /** Another version of itself, and another configuration. */
  SIDECAR_UPGRADE("sidecar-upgrade-1");

  private final String text;

  Capability(String text) {
    this.text = text;
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

  /** What the host's sidecar lacks, what it runs, and what is to be done; empty when it has it. */
  public Optional<String> lacking(HostBrief host) {
    return host.capabilities().contains(text)
        ? Optional.empty()
        : Optional.of(
            "the sidecar of %s does not understand %s: it is %s (expected: one as new as the server; see: %s)"
                .formatted(host.name(), text, running(host), cure(host)));
  }

  private static String running(HostBrief host) {
    return host.sidecarVersion()
        .filter(version -> !version.isEmpty())
        .map(version -> "version " + version)
        .orElse("of a version that is not known");
  }

  /** A sidecar that cannot be replaced from afar is replaced on its host. */
  private static String cure(HostBrief host) {
    return host.capabilities().contains(SIDECAR_UPGRADE.text)
        ? "easyagent sidecar upgrade"
        : "install.sh of the server's version, on the host";
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
