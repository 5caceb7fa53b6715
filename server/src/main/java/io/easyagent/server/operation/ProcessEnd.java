package io.easyagent.server.operation;

/** What ended the process of a command. */
public sealed interface ProcessEnd {
  record Exited(int status) implements ProcessEnd {}

  record Signalled(int signal) implements ProcessEnd {}

  record Unknown(String reason) implements ProcessEnd {}

  /** The program was never reached. */
  record NotStarted(String reason) implements ProcessEnd {}
}
