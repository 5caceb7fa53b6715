package io.easyagent.api.client;

import java.util.UUID;

/**
 * Names one submission: the server accepts it once, however often it arrives.
 *
 * @param value 1 to 128 printable ASCII characters
 */
public record IdempotencyKey(String value) {
  public IdempotencyKey {
    if (!value.matches("[!-~]{1,128}")) {
      throw new IllegalArgumentException(
          "idempotency key: \"" + value + "\" (expected: 1 to 128 printable ASCII characters)");
    }
  }

  /** A new one, unlike any other. */
  public static IdempotencyKey random() {
    return new IdempotencyKey(UUID.randomUUID().toString());
  }
}
