package io.easyagent.server.operation;

/** What an operation is to people; an upgrade is a {@link Command.Configure} like others. */
public enum OperationKind {
  INSTALL,
  CONFIGURE,
  UPGRADE,
  START,
  STOP,
  RESTART,
  EXEC,
  UNINSTALL
}
