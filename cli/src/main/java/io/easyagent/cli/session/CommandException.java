package io.easyagent.cli.session;

import java.util.Optional;

/** Ends a command: what went wrong, what to do next, and the exit status. */
public final class CommandException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int exitStatus;
  private final transient Optional<String> next;

  public CommandException(int exitStatus, String message, String next) {
    super(message);
    this.exitStatus = exitStatus;
    this.next = Optional.of(next);
  }

  private CommandException(int exitStatus, String message) {
    super(message);
    this.exitStatus = exitStatus;
    this.next = Optional.empty();
  }

  /** Typed wrong; the help of the command tells more. */
  public static CommandException usage(String message) {
    return new CommandException(ExitStatus.USAGE, message);
  }

  public static CommandException failed(String message) {
    return new CommandException(ExitStatus.FAILED, message);
  }

  public int exitStatus() {
    return exitStatus;
  }

  public Optional<String> next() {
    return next;
  }
}
