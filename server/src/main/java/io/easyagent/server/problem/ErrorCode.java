package io.easyagent.server.problem;

/** Everything that a caller can be told, once. The text of a code is stable. */
public enum ErrorCode {
  BAD_REQUEST("bad-request", Kind.INVALID, false),
  INVALID_DEFINITION("invalid-definition", Kind.INVALID, false),
  UNKNOWN_KEY("unknown-key", Kind.INVALID, false),
  UNAUTHENTICATED("unauthenticated", Kind.UNAUTHENTICATED, false),
  FORBIDDEN("forbidden", Kind.FORBIDDEN, false),
  NOT_FOUND("not-found", Kind.NOT_FOUND, false),
  AMBIGUOUS("ambiguous", Kind.CONFLICT, false),
  CONFLICT("conflict", Kind.CONFLICT, false),
  IDEMPOTENCY_KEY_REUSED("idempotency-key-reused", Kind.UNPROCESSABLE, false),
  NO_HOST_MATCHES("no-host-matches", Kind.UNPROCESSABLE, false),
  TOO_LARGE("too-large", Kind.TOO_LARGE, false),
  TOO_MANY_REQUESTS("too-many-requests", Kind.TOO_MANY_REQUESTS, true),
  UNSUPPORTED_BY_HOST("unsupported-by-host", Kind.CONFLICT, false),
  STORAGE_FULL("storage-full", Kind.STORAGE_FULL, true),
  UNAVAILABLE("unavailable", Kind.UNAVAILABLE, true),
  INTERNAL("internal", Kind.INTERNAL, false);

  /** What a transport's status is chosen by. */
  public enum Kind {
    INVALID,
    UNAUTHENTICATED,
    FORBIDDEN,
    NOT_FOUND,
    CONFLICT,
    UNPROCESSABLE,
    TOO_LARGE,
    TOO_MANY_REQUESTS,
    STORAGE_FULL,
    UNAVAILABLE,
    INTERNAL
  }

  private final String text;
  private final Kind kind;
  private final boolean retryable;

  ErrorCode(String text, Kind kind, boolean retryable) {
    this.text = text;
    this.kind = kind;
    this.retryable = retryable;
  }

  /** As callers see it, for example {@code not-found}. */
  public String text() {
    return text;
  }

  public Kind kind() {
    return kind;
  }

  /** The same request may succeed later, unchanged. */
  public boolean retryable() {
    return retryable;
  }
}
