package io.easyagent.server.transport;

import io.easyagent.server.problem.Refusal;
import io.easyagent.server.problem.RefusedException;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How the host port refuses: one status for each kind of error, its text the refusal's. */
public final class RpcStatus {
  private static final Logger log = LoggerFactory.getLogger(RpcStatus.class);

  private static final Metadata.Key<String> PUSHBACK =
      Metadata.Key.of("grpc-retry-pushback-ms", Metadata.ASCII_STRING_MARSHALLER);

  private RpcStatus() {}

  public static StatusRuntimeException of(Refusal refusal) {
    Status status =
        switch (refusal.code().kind()) {
          case INVALID, UNPROCESSABLE -> Status.INVALID_ARGUMENT;
          case UNAUTHENTICATED -> Status.UNAUTHENTICATED;
          case FORBIDDEN -> Status.PERMISSION_DENIED;
          case NOT_FOUND -> Status.NOT_FOUND;
          case CONFLICT -> Status.FAILED_PRECONDITION;
          case TOO_LARGE, TOO_MANY_REQUESTS, STORAGE_FULL -> Status.RESOURCE_EXHAUSTED;
          case UNAVAILABLE -> Status.UNAVAILABLE;
          case INTERNAL -> Status.INTERNAL;
        };
    return status
        .withDescription(refusal.code().text() + ": " + refusal.message())
        .asRuntimeException();
  }

  /**
   * As {@link #of(Refusal)}, for a caller that is to come back after that time. It is told as
   * gRPC's retry design has it (gRFC A6, "Pushback"): in a trailer, in milliseconds.
   */
  public static StatusRuntimeException comeBack(Refusal refusal, Duration after) {
    Metadata trailers = new Metadata();
    trailers.put(PUSHBACK, Long.toString(after.toMillis()));
    return of(refusal).getStatus().asRuntimeException(trailers);
  }

  /** A fault is logged here and not told. */
  public static StatusRuntimeException of(RuntimeException failure) {
    return switch (failure) {
      case RefusedException refused -> of(refused.refusal());
      case StatusRuntimeException status -> status;
      default -> {
        log.error("a call failed", failure);
        yield Status.INTERNAL.withDescription("internal").asRuntimeException();
      }
    };
  }
}
