package io.easyagent.server.session.rpc;

import com.google.protobuf.Timestamp;
import java.time.Duration;
import java.time.Instant;

/** Times as they are written on the wire; what a host sends is bounded. */
final class WireTimes {
  private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59Z");

  private WireTimes() {}

  static com.google.protobuf.Duration of(Duration duration) {
    return com.google.protobuf.Duration.newBuilder()
        .setSeconds(duration.getSeconds())
        .setNanos(duration.getNano())
        .build();
  }

  static Duration duration(com.google.protobuf.Duration wire) {
    long seconds = Math.clamp(wire.getSeconds(), 0, Duration.ofDays(36_500).toSeconds());
    return Duration.ofSeconds(seconds, Math.clamp(wire.getNanos(), 0, 999_999_999));
  }

  static Instant instant(Timestamp wire) {
    long seconds = Math.clamp(wire.getSeconds(), 0, LATEST.getEpochSecond());
    return Instant.ofEpochSecond(seconds, Math.clamp(wire.getNanos(), 0, 999_999_999));
  }
}
