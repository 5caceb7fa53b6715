package io.easyagent.server.fleet;

import java.util.UUID;

/** Identifies a host; minted at enrolment. */
public record HostId(UUID value) {
  public static HostId of(String text) {
    return new HostId(UUID.fromString(text));
  }

  @Override
  public String toString() {
    return value.toString();
  }
}
