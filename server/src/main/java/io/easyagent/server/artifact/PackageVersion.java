package io.easyagent.server.artifact;

import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;

/**
 * A package in the repository.
 *
 * @param sha256 of the archive, lower-case hexadecimal
 * @param size of the archive in bytes
 * @param signature of name, version and checksum, lower-case hexadecimal; made and verified
 *     elsewhere: this server has no key for it
 */
public record PackageVersion(
    String name,
    String version,
    String sha256,
    long size,
    Instant pushedAt,
    String pushedBy,
    Optional<String> signature) {
  /** Of Ed25519. */
  public static final int SIGNATURE_BYTES = 64;

  public PackageVersion {
    if (signature.isPresent()
        && HexFormat.of().parseHex(signature.get()).length != SIGNATURE_BYTES) {
      throw new IllegalArgumentException(
          "signature: " + signature.get() + " (expected: 128 hexadecimal digits)");
    }
  }

  public PackageVersion signedWith(String changed) {
    return new PackageVersion(
        name, version, sha256, size, pushedAt, pushedBy, Optional.of(changed));
  }
}
