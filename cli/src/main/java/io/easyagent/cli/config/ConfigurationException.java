package io.easyagent.cli.config;

/** A configuration that cannot be used. The message says which file and why. */
public final class ConfigurationException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String next;

  ConfigurationException(String message, String next) {
    super(message);
    this.next = next;
  }

  ConfigurationException(String message, String next, Throwable cause) {
    super(message, cause);
    this.next = next;
  }

  /** What to do about it. */
  public String next() {
    return next;
  }
}
