package io.easyagent.sidecar.policy;

import io.easyagent.sidecar.operation.Command;
import java.util.Locale;

/** Kinds of command, as {@code operations} names them. */
public enum OperationKind {
  INSTALL,
  CONFIGURE,
  START,
  STOP,
  RESTART,
  UNINSTALL,
  EXEC,
  UPGRADE_SIDECAR,
  CONFIGURE_SIDECAR;

  static OperationKind of(Command command) {
    return switch (command) {
      case Command.Install install -> INSTALL;
      case Command.Configure configure -> CONFIGURE;
      case Command.Start start -> START;
      case Command.Stop stop -> STOP;
      case Command.Restart restart -> RESTART;
      case Command.Uninstall uninstall -> UNINSTALL;
      case Command.Exec exec -> EXEC;
      case Command.UpgradeSidecar upgrade -> UPGRADE_SIDECAR;
      case Command.ConfigureSidecar configure -> CONFIGURE_SIDECAR;
    };
  }

  /** As the file has it. */
  String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
