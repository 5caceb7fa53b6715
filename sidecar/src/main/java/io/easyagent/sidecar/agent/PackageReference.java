package io.easyagent.sidecar.agent;

import java.util.HexFormat;
import java.util.Optional;

/**
 * One version of a package, with what it takes to verify its archive.
 *
 * @param sha256 lower-case hexadecimal SHA-256 of the archive
 * @param size the archive's size in bytes
 * @param signature lower-case hexadecimal Ed25519 signature of name, version and checksum, where
 *     somebody has made one
 */
public record PackageReference(
    String name, String version, String sha256, long size, Optional<String> signature) {
  private static final int SIGNATURE_BYTES = 64;

  public PackageReference {
    if (HexFormat.of().parseHex(sha256).length != 32) {
      throw new IllegalArgumentException(
          "sha256: " + sha256 + " (expected: 64 hexadecimal digits)");
    }
    if (signature.isPresent()
        && HexFormat.of().parseHex(signature.get()).length != SIGNATURE_BYTES) {
      throw new IllegalArgumentException(
          "signature: " + signature.get() + " (expected: 128 hexadecimal digits)");
    }
  }

  /** A package that nobody has signed. */
  public PackageReference(String name, String version, String sha256, long size) {
    this(name, version, sha256, size, Optional.empty());
  }

  /** Whether it is the same package with the same content, whoever has signed it. */
  public boolean isSameContent(PackageReference other) {
    return name.equals(other.name) && version.equals(other.version) && sha256.equals(other.sha256);
  }

  @Override
  public String toString() {
    return name + "@" + version;
  }
}
