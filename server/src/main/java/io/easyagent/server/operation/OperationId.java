package io.easyagent.server.operation;

import java.util.UUID;

/** Identifies an operation on both sides of the wire, for ever; a UUIDv7. */
public record OperationId(UUID value) {
  public static OperationId of(String text) {
    return new OperationId(UUID.fromString(text));
  }

  @Override
  public String toString() {
    return value.toString();
  }
}
