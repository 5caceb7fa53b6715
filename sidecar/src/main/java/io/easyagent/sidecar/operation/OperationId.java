package io.easyagent.sidecar.operation;

import io.easyagent.sidecar.agent.HostIds;
import java.util.UUID;

/**
 * Identifies an operation; a UUIDv7 minted by the server, or, for what the host has of its own, a
 * UUID of version 8.
 */
public record OperationId(UUID value) {

  /**
   * Of a new operation of the host's own.
   *
   * @param random where its other bits come from
   */
  public static OperationId ofHost(UUID random) {
    return new OperationId(HostIds.from(random));
  }

  /** Whether it is the host's own: no server knows of it, nor is told. */
  public boolean isHosts() {
    return HostIds.isHosts(value);
  }

  @Override
  public String toString() {
    return value.toString();
  }
}
