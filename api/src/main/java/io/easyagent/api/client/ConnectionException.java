package io.easyagent.api.client;

/**
 * No answer came from the server. Whether it did what was asked is not known, unless the reason is
 * {@link Reason#untrusted}; a submission may be repeated with the same {@link IdempotencyKey}.
 */
public final class ConnectionException extends ClientException {
  private static final long serialVersionUID = 1L;

  /** What stood in the way. */
  public enum Reason {
    /** Nothing answers at the address, or the connection broke. */
    unreachable,
    /** What answers is not the server whose CA is pinned; nothing was sent to it. */
    untrusted,
    /** The calling thread was interrupted. */
    interrupted
  }

  private final Reason reason;

  public ConnectionException(Reason reason, String message, Throwable cause) {
    super(message, cause);
    this.reason = reason;
  }

  public Reason reason() {
    return reason;
  }
}
