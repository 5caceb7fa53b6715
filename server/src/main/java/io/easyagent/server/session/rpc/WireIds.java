package io.easyagent.server.session.rpc;

import com.google.protobuf.ByteString;
import io.easyagent.server.problem.ErrorCode;
import io.easyagent.server.problem.RefusedException;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.UUID;

/** Ids as they are written on the wire: raw bytes. */
final class WireIds {
  private static final int UUID_BYTES = 16;

  private WireIds() {}

  static ByteString bytes(UUID id) {
    return ByteString.copyFrom(
        ByteBuffer.allocate(UUID_BYTES)
            .putLong(id.getMostSignificantBits())
            .putLong(id.getLeastSignificantBits())
            .flip());
  }

  static ByteString bytes(String hexadecimal) {
    return ByteString.copyFrom(HexFormat.of().parseHex(hexadecimal));
  }

  static String hexadecimal(ByteString bytes) {
    return HexFormat.of().formatHex(bytes.toByteArray());
  }

  /**
   * @throws RefusedException BAD_REQUEST when it is none
   */
  static UUID uuid(ByteString bytes, String field) {
    if (bytes.size() != UUID_BYTES) {
      throw new RefusedException(
          ErrorCode.BAD_REQUEST, field + ": " + bytes.size() + " bytes (expected: a UUID of 16)");
    }
    ByteBuffer buffer = bytes.asReadOnlyByteBuffer();
    return new UUID(buffer.getLong(), buffer.getLong());
  }

  /**
   * @throws RefusedException BAD_REQUEST when it is longer than that
   */
  static String bounded(ByteString bytes, int most, String field) {
    if (bytes.size() > most) {
      throw new RefusedException(
          ErrorCode.BAD_REQUEST,
          "%s: %d bytes (expected: at most %d)".formatted(field, bytes.size(), most));
    }
    return hexadecimal(bytes);
  }
}
