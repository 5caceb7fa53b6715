package io.easyagent.server.transport;

import io.easyagent.api.Problem;
import io.easyagent.server.problem.ErrorCode;
import io.easyagent.server.problem.Refusal;
import java.time.Duration;
import java.util.Optional;

/** What a refusal looks like over HTTP; RFC 9457. */
final class Problems {
  static final String CONTENT_TYPE = "application/problem+json";

  private Problems() {}

  static Problem of(Refusal refusal) {
    ErrorCode code = refusal.code();
    return new Problem(
        "urn:easyagent:problem:" + code.text(),
        code.text().replace('-', ' '),
        status(code.kind()),
        refusal.message(),
        code.text(),
        code.retryable(),
        refusal.faults().stream()
            .map(fault -> new Problem.Error(fault.place(), fault.message()))
            .toList());
  }

  /** When it is worth while to ask again; empty: not unchanged. */
  static Optional<Duration> retryAfter(ErrorCode.Kind kind) {
    return switch (kind) {
      case TOO_MANY_REQUESTS -> Optional.of(Duration.ofSeconds(5));
      case UNAVAILABLE -> Optional.of(Duration.ofSeconds(2));
      case STORAGE_FULL -> Optional.of(Duration.ofSeconds(60));
      case INVALID,
          UNAUTHENTICATED,
          FORBIDDEN,
          NOT_FOUND,
          CONFLICT,
          UNPROCESSABLE,
          TOO_LARGE,
          INTERNAL ->
          Optional.empty();
    };
  }

  static int status(ErrorCode.Kind kind) {
    return switch (kind) {
      case INVALID -> 400;
      case UNAUTHENTICATED -> 401;
      case FORBIDDEN -> 403;
      case NOT_FOUND -> 404;
      case CONFLICT -> 409;
      case UNPROCESSABLE -> 422;
      case TOO_LARGE -> 413;
      case TOO_MANY_REQUESTS -> 429;
      case STORAGE_FULL -> 507;
      case UNAVAILABLE -> 503;
      case INTERNAL -> 500;
    };
  }
}
