package io.easyagent.sidecar.agent;

import java.util.HexFormat;

/**
 * One version of a package, with what it takes to verify its archive.
 *
 * @param sha256 lower-case hexadecimal SHA-256 of the archive
 * @param size the archive's size in bytes
 */
public record PackageReference(String name, String version, String sha256, long size) {
  public PackageReference {
    if (HexFormat.of().parseHex(sha256).length != 32) {
      throw new IllegalArgumentException(
          "sha256: " + sha256 + " (expected: 64 hexadecimal digits)");
    }
  }

  @Override
  public String toString() {
    return name + "@" + version;
  }
}
