package io.easyagent.server.problem;

/** A {@link Refusal} on its way to the edge, from where no return value could carry it. */
public final class RefusedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient Refusal refusal;

  public RefusedException(Refusal refusal) {
    super(refusal.code().text() + ": " + refusal.message());
    this.refusal = refusal;
  }

  public RefusedException(ErrorCode code, String message) {
    this(new Refusal(code, message));
  }

  public RefusedException(ErrorCode code, String message, Throwable cause) {
    super(code.text() + ": " + message, cause);
    this.refusal = new Refusal(code, message);
  }

  public Refusal refusal() {
    return refusal;
  }
}
