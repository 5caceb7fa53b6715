package io.easyagent.sidecar.identity;

/** The host has no identity, or it cannot be used; says which file and why. */
public final class IdentityException extends Exception {
  private static final long serialVersionUID = 1L;

  public IdentityException(String message) {
    super(message);
  }

  public IdentityException(String message, Throwable cause) {
    super(message, cause);
  }
}
