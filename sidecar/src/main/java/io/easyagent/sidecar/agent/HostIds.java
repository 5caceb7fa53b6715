package io.easyagent.sidecar.agent;

import java.util.UUID;

/** Ids that the host itself mints: UUIDs of version 8 (RFC 9562), where the server's are of 7. */
public final class HostIds {
  private static final int VERSION = 8;
  private static final long VERSION_BITS = 0xF000L;

  private HostIds() {}

  /** The same bits, but for the version. */
  public static UUID from(UUID random) {
    return new UUID(
        random.getMostSignificantBits() & ~VERSION_BITS | (long) VERSION << 12,
        random.getLeastSignificantBits());
  }

  public static boolean isHosts(UUID id) {
    return id.version() == VERSION;
  }
}
