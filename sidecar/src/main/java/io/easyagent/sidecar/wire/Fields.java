package io.easyagent.sidecar.wire;

import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import io.easyagent.sidecar.agent.AgentId;
import io.easyagent.sidecar.operation.OperationId;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.UUID;

/** Fields that several messages share. A field's name is part of each failure's message. */
public final class Fields {
  private static final int LONGEST_OPAQUE = 64;

  /** Ten years; longer is a slip, and sums of such durations must not overflow. */
  private static final Duration LONGEST = Duration.ofDays(3_653);

  private Fields() {}

  public static ByteString bytes(UUID id) {
    return ByteString.copyFrom(
        ByteBuffer.allocate(16)
            .putLong(id.getMostSignificantBits())
            .putLong(id.getLeastSignificantBits())
            .flip());
  }

  static ByteString bytes(AgentId id) {
    return bytes(id.value());
  }

  static ByteString bytes(OperationId id) {
    return bytes(id.value());
  }

  public static UUID uuid(ByteString bytes, String field) throws WireException {
    if (bytes.isEmpty()) {
      throw WireException.missing(field);
    }
    if (bytes.size() != 16) {
      throw WireException.unexpected(field, bytes.size() + " bytes", "16 bytes");
    }
    ByteBuffer buffer = bytes.asReadOnlyByteBuffer();
    return new UUID(buffer.getLong(), buffer.getLong());
  }

  static AgentId agentId(ByteString bytes, String field) throws WireException {
    return new AgentId(uuid(bytes, field));
  }

  static OperationId operationId(ByteString bytes, String field) throws WireException {
    return new OperationId(uuid(bytes, field));
  }

  /** Bytes that only their maker understands, as hexadecimal. */
  public static String opaque(ByteString bytes, String field) throws WireException {
    if (bytes.isEmpty()) {
      throw WireException.missing(field);
    }
    if (bytes.size() > LONGEST_OPAQUE) {
      throw WireException.unexpected(
          field, bytes.size() + " bytes", "at most " + LONGEST_OPAQUE + " bytes");
    }
    return HexFormat.of().formatHex(bytes.toByteArray());
  }

  public static String sha256(ByteString bytes, String field) throws WireException {
    return exactly(32, bytes, field);
  }

  /** Of Ed25519. */
  static String signature(ByteString bytes, String field) throws WireException {
    return exactly(64, bytes, field);
  }

  private static String exactly(int size, ByteString bytes, String field) throws WireException {
    if (bytes.isEmpty()) {
      throw WireException.missing(field);
    }
    if (bytes.size() != size) {
      throw WireException.unexpected(field, bytes.size() + " bytes", size + " bytes");
    }
    return HexFormat.of().formatHex(bytes.toByteArray());
  }

  /** The bytes of a hexadecimal text. */
  public static ByteString bytes(String hexadecimal) {
    return ByteString.copyFrom(HexFormat.of().parseHex(hexadecimal));
  }

  public static com.google.protobuf.Duration duration(Duration duration) {
    return com.google.protobuf.Duration.newBuilder()
        .setSeconds(duration.getSeconds())
        .setNanos(duration.getNano())
        .build();
  }

  /** A duration that is there and not negative. */
  public static Duration duration(
      boolean present, com.google.protobuf.Duration duration, String field) throws WireException {
    if (!present) {
      throw WireException.missing(field);
    }
    if (duration.getNanos() <= -1_000_000_000 || duration.getNanos() >= 1_000_000_000) {
      throw WireException.unexpected(field, duration.getNanos() + " ns", "less than a second");
    }
    if (duration.getSeconds() < 0 || duration.getNanos() < 0) {
      throw WireException.unexpected(
          field, duration.getSeconds() + " s " + duration.getNanos() + " ns", "not negative");
    }
    if (duration.getSeconds() > LONGEST.getSeconds()) {
      throw WireException.unexpected(
          field, duration.getSeconds() + " s", "at most " + LONGEST.getSeconds() + " s");
    }
    return Duration.ofSeconds(duration.getSeconds(), duration.getNanos());
  }

  public static Timestamp timestamp(Instant instant) {
    return Timestamp.newBuilder()
        .setSeconds(instant.getEpochSecond())
        .setNanos(instant.getNano())
        .build();
  }

  public static Instant instant(boolean present, Timestamp timestamp, String field)
      throws WireException {
    if (!present) {
      throw WireException.missing(field);
    }
    long seconds = timestamp.getSeconds();
    int nanos = timestamp.getNanos();
    if (nanos < 0
        || nanos >= 1_000_000_000
        || seconds < Instant.MIN.getEpochSecond()
        || seconds > Instant.MAX.getEpochSecond()) {
      throw WireException.unexpected(field, seconds + " s " + nanos + " ns", "a moment");
    }
    return Instant.ofEpochSecond(seconds, nanos);
  }

  static String text(String text, String field) throws WireException {
    if (text.isEmpty()) {
      throw WireException.missing(field);
    }
    return text;
  }

  /** A number of the wire that is unsigned there and must not be negative here. */
  static long positive(long number, String field) throws WireException {
    if (number <= 0) {
      throw WireException.unexpected(field, Long.toUnsignedString(number), "1 to 2^63-1");
    }
    return number;
  }

  static long unsigned(long number, String field) throws WireException {
    if (number < 0) {
      throw WireException.unexpected(field, Long.toUnsignedString(number), "0 to 2^63-1");
    }
    return number;
  }
}
