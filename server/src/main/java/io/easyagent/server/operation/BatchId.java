package io.easyagent.server.operation;

import java.util.UUID;

/** Identifies operations that were accepted together; a UUIDv7. */
public record BatchId(UUID value) {
  public static BatchId of(String text) {
    return new BatchId(UUID.fromString(text));
  }

  @Override
  public String toString() {
    return value.toString();
  }
}
