package io.easyagent.server.fleet;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;

/**
 * One of the machines that claim to be a host. Texts are what the machine says; the address is
 * where it was seen.
 *
 * @param id eight hexadecimal digits, the same each time that it comes; unique for its host
 * @param nonce that it presents, hexadecimal; never shown
 */
public record HostCopy(
    String id,
    String nonce,
    String machineId,
    String bootId,
    String hostName,
    String address,
    Instant firstSeen,
    Instant lastSeen,
    Standing standing) {
  private static final int ID_BYTES = 4;

  /** What an operator has said about it. */
  public enum Standing {
    CLAIMING,
    /** Another one keeps the identity. */
    REFUSED
  }

  /** A copy as it comes: a boot does not make it another one. */
  public static HostCopy claiming(
      String nonce,
      String machineId,
      String bootId,
      String hostName,
      String address,
      Instant seen) {
    return new HostCopy(
        id(nonce, machineId, hostName, address),
        nonce,
        machineId,
        bootId,
        hostName,
        address,
        seen,
        seen,
        Standing.CLAIMING);
  }

  private static String id(String... parts) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (String part : parts) {
        digest.update(part.getBytes(StandardCharsets.UTF_8));
        digest.update((byte) 0);
      }
      return HexFormat.of().formatHex(digest.digest(), 0, ID_BYTES);
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /** For people; without the nonce. */
  public String text() {
    return "copy %s: %s at %s, machine %s, boot %s"
        .formatted(id, shown(hostName), shown(address), shown(machineId), shown(bootId));
  }

  private static String shown(String text) {
    return text.isEmpty() ? "unknown" : text;
  }

  @Override
  public String toString() {
    return text();
  }
}
