package io.easyagent.server.query;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.easyagent.server.problem.ErrorCode;
import io.easyagent.server.problem.RefusedException;
import java.util.Base64;
import java.util.List;

/** The text form of a key in a sorted list; opaque to callers. */
final class Cursor {
  private static final String SEPARATOR = "\u0000";
  private static final int LONGEST = 2048;

  private Cursor() {}

  static String encode(List<String> key) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(String.join(SEPARATOR, key).getBytes(UTF_8));
  }

  static List<String> decode(String cursor, int parts) {
    if (cursor.length() <= LONGEST) {
      try {
        String text = new String(Base64.getUrlDecoder().decode(cursor), UTF_8);
        List<String> key = List.of(text.split(SEPARATOR, -1));
        if (key.size() == parts) {
          return key;
        }
      } catch (IllegalArgumentException notBase64) {
        // refused below, like every other text that no page gave
      }
    }
    throw new RefusedException(
        ErrorCode.BAD_REQUEST, "cursor: not one of this list (expected: next of the page before)");
  }
}
