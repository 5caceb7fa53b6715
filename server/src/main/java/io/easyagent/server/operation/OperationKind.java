package io.easyagent.server.operation;

/**
 * What an operation is to people; an agent's upgrade is a {@link Command.Configure} like others.
 */
public enum OperationKind {
  INSTALL,
  CONFIGURE,
  UPGRADE,
  START,
  STOP,
  RESTART,
  EXEC,
  UNINSTALL,
  UPGRADE_SIDECAR,
  CONFIGURE_SIDECAR;

  /** Whether it changes the host's sidecar itself. */
  public boolean ofSidecar() {
    return switch (this) {
      case UPGRADE_SIDECAR, CONFIGURE_SIDECAR -> true;
      case INSTALL, CONFIGURE, UPGRADE, START, STOP, RESTART, EXEC, UNINSTALL -> false;
    };
  }
}
