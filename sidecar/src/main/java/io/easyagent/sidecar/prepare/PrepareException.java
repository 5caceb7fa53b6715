package io.easyagent.sidecar.prepare;

/**
 * An expected refusal: what was asked for cannot be prepared on this host. The message is written
 * for an operator: what, the value, what was expected.
 */
public final class PrepareException extends Exception {
  private static final long serialVersionUID = 1L;

  public PrepareException(String message) {
    super(message);
  }

  public PrepareException(String message, Throwable cause) {
    super(message, cause);
  }
}
