package io.easyagent.server.operation;

import io.easyagent.server.fleet.HostBrief;
import java.util.Optional;

/** What a sidecar must understand to take a command. */
public enum Capability {
  /** Agent definitions. */
  DEFINITION("definition-1", "2.0"),
  /** Argument vectors to execute, beside the scripts of 1.0. */
  EXEC_VECTOR("exec-vector-1", "2.0");

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

  static Optional<Capability> neededFor(Command command) {
    return switch (command) {
      case Command.Install install -> Optional.of(DEFINITION);
      case Command.Configure configure -> Optional.of(DEFINITION);
      case Command.Start start -> Optional.empty();
      case Command.Stop stop -> Optional.empty();
      case Command.Restart restart -> Optional.empty();
      case Command.Uninstall uninstall -> Optional.empty();
      case Command.Exec exec ->
          exec.work() instanceof Command.Exec.Work.Arguments
              ? Optional.of(EXEC_VECTOR)
              : Optional.empty();
    };
  }

  /** Why the host cannot take the command; empty when it can, or when its sidecar is not known. */
  static Optional<String> lacking(HostBrief host, Command command) {
    return neededFor(command)
        .filter(needed -> host.known() && !host.capabilities().contains(needed.text))
        .map(needed ->
            "the sidecar of %s does not understand %s (expected: version %s or later)"
                .formatted(host.name(), needed.text, needed.since));
  }
}
