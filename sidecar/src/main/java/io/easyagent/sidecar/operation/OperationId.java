package io.easyagent.sidecar.operation;

import java.util.UUID;

/** Identifies an operation; a UUIDv7 minted by the server. */
public record OperationId(UUID value) {
  @Override
  public String toString() {
    return value.toString();
  }
}
