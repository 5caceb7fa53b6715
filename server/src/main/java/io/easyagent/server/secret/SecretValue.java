package io.easyagent.server.secret;

import io.easyagent.server.problem.ErrorCode;
import io.easyagent.server.problem.RefusedException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** The value of a secret: text, because it is written into text. Its own text form hides it. */
public record SecretValue(String text) {
  /** Bytes of a value in UTF-8. */
  public static final int MOST_BYTES = 64 << 10;

  /**
   * @throws RefusedException BAD_REQUEST or TOO_LARGE; the message does not repeat the value
   */
  public static SecretValue of(byte[] bytes) {
    if (bytes.length > MOST_BYTES) {
      throw new RefusedException(
          ErrorCode.TOO_LARGE, "value: expected at most " + MOST_BYTES + " bytes");
    }
    if (bytes.length == 0) {
      throw new RefusedException(
          ErrorCode.BAD_REQUEST, "value: empty (expected: 1 to " + MOST_BYTES + " bytes)");
    }
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      if (text.indexOf('\0') >= 0) {
        throw new RefusedException(
            ErrorCode.BAD_REQUEST, "value: holds a NUL byte (expected: text)");
      }
      return new SecretValue(text);
    } catch (CharacterCodingException binary) {
      throw new RefusedException(
          ErrorCode.BAD_REQUEST,
          "value: not UTF-8 (expected: text; write binary values as base64 or PEM)");
    }
  }

  byte[] bytes() {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public String toString() {
    return "******";
  }
}
