package io.easyagent.sidecar.wire;

import io.easyagent.sidecar.operation.Command;
import io.easyagent.sidecar.operation.Command.Exec;

/** What a command that arrives must fulfil beyond its shape. */
final class CommandCheck {

  private static final int LONGEST_SETTINGS = 64 << 10;

  private CommandCheck() {}

  static void check(Command command) throws WireException {
    switch (command) {
      case Command.Install install -> DefinitionCheck.check(install.definition());
      case Command.Configure configure -> DefinitionCheck.check(configure.definition());
      case Exec exec -> check(exec);
      case Command.Start start -> {}
      case Command.Stop stop -> {}
      case Command.Restart restart -> {}
      case Command.Uninstall uninstall -> {}
      case Command.UpgradeSidecar upgrade ->
          DefinitionCheck.version(
              upgrade.distribution().version(), "updateSidecarOptions.distribution.version");
      case Command.ConfigureSidecar configure -> {
        if (configure.content().length() > LONGEST_SETTINGS) {
          throw WireException.unexpected(
              "updateSidecarConfigOptions.content",
              configure.content().length() + " characters",
              "at most " + LONGEST_SETTINGS);
        }
      }
    }
  }

  private static void check(Exec exec) throws WireException {
    switch (exec.work()) {
      case Exec.Work.Arguments arguments ->
          DefinitionCheck.command(arguments.command(), "execScriptOptions.command");
      case Exec.Work.ShellScript script -> {
        DefinitionCheck.noNul(script.script(), "execScriptOptions.execScript");
        DefinitionCheck.arguments(script.parameters(), "execScriptOptions.parameter");
      }
    }
    if (exec.user().isPresent()) {
      DefinitionCheck.user(exec.user().get(), "execScriptOptions.user");
    }
    DefinitionCheck.environment(exec.environment(), "execScriptOptions.environment");
  }
}
