package io.easyagent.benchmarks.measure;

/** The command line is wrong; says what, and what was expected. */
public final class UsageException extends Exception {
  private static final long serialVersionUID = 1L;

  public UsageException(String message) {
    super(message);
  }
}
