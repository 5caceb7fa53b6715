package io.easyagent.sidecar.session;

import io.grpc.Metadata;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.Optional;

/**
 * A server that is busy says when to come back, as gRPC's retry design has it (gRFC A6,
 * "Pushback"): in a trailer, in milliseconds.
 */
final class Pushback {
  static final Metadata.Key<String> KEY =
      Metadata.Key.of("grpc-retry-pushback-ms", Metadata.ASCII_STRING_MARSHALLER);

  /** No server keeps a host away for longer by this. */
  private static final Duration LONGEST = Duration.ofMinutes(5);

  private Pushback() {}

  /** What was said; nothing when it was not, or cannot be read. */
  static Optional<Duration> find(StatusRuntimeException failure) {
    return Optional.ofNullable(failure.getTrailers())
        .flatMap(trailers -> Optional.ofNullable(trailers.get(KEY)))
        .filter(text -> text.matches("[0-9]{1,9}"))
        .map(text -> Duration.ofMillis(Long.parseLong(text)))
        .map(after -> after.compareTo(LONGEST) < 0 ? after : LONGEST);
  }
}
