package io.easyagent.server.access;

import io.easyagent.server.fleet.HostId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.util.UUID;

/** Ids of hosts that enrol. */
final class EnrolledHosts {
  private static final byte[] PURPOSE = "easyagent host\n".getBytes(StandardCharsets.US_ASCII);
  private static final long VERSION = 0x8000L;
  private static final long VERSION_MASK = 0xffff_ffff_ffff_0fffL;
  private static final long VARIANT = 0x8000_0000_0000_0000L;
  private static final long VARIANT_MASK = 0x3fff_ffff_ffff_ffffL;

  private EnrolledHosts() {}

  /**
   * The same for the same token and key, and for nothing else: a UUIDv8 (RFC 9562) of 122 bits of a
   * SHA-256. It tells nothing of either.
   *
   * @param secretHash of the token's secret
   */
  static HostId id(String secretHash, PublicKey key) {
    MessageDigest digest;
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
    digest.update(PURPOSE);
    digest.update(secretHash.getBytes(StandardCharsets.US_ASCII));
    ByteBuffer bytes = ByteBuffer.wrap(digest.digest(key.getEncoded()));
    return new HostId(
        new UUID(
            bytes.getLong() & VERSION_MASK | VERSION, bytes.getLong() & VARIANT_MASK | VARIANT));
  }
}
