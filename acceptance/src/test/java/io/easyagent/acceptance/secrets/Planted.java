package io.easyagent.acceptance.secrets;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;

/**
 * A value that must be nowhere but where it belongs.
 *
 * @param what for messages, which must not have the value either
 */
record Planted(String what, String value) {
  private static final SecureRandom RANDOM = new SecureRandom();

  /** A value that nothing else on the machine has. */
  static Planted random(String what) {
    byte[] bytes = new byte[15];
    RANDOM.nextBytes(bytes);
    return new Planted(what, "Planted-" + HexFormat.of().formatHex(bytes));
  }

  /** As it is, and as base64, which keeps what is kept in binary or on one line. */
  List<String> forms() {
    byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
    return List.of(value, Base64.getEncoder().withoutPadding().encodeToString(bytes));
  }

  boolean isIn(String text) {
    return forms().stream().anyMatch(text::contains);
  }

  @Override
  public String toString() {
    return what;
  }
}
