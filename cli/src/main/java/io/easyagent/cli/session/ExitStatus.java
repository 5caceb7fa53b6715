package io.easyagent.cli.session;

/** What the exit status of the command line means. */
public final class ExitStatus {
  public static final int DONE = 0;

  /** An operation failed, or the server refused because of the state that something is in. */
  public static final int FAILED = 1;

  /** The command was typed wrong, or names what cannot be. */
  public static final int USAGE = 2;

  public static final int UNREACHABLE = 3;
  public static final int NOT_ALLOWED = 4;

  /** Accepted, and not finished when the waiting ended. */
  public static final int UNFINISHED = 5;

  private ExitStatus() {}
}
