package io.easyagent.sidecar.wire;

/** A message cannot be understood as a whole; says which field holds what, and what it expected. */
public final class WireException extends Exception {
  private static final long serialVersionUID = 1L;

  public WireException(String message) {
    super(message);
  }

  /** A field's value is not what was expected. */
  static WireException unexpected(String field, Object value, String expected) {
    return new WireException(field + ": " + value + " (expected: " + expected + ")");
  }

  /** A field is not there. */
  static WireException missing(String field) {
    return new WireException(field + ": missing");
  }
}
