package io.easyagent.server.artifact;

/**
 * A signed distribution of the sidecar: all that a host needs to fetch and to verify it.
 *
 * @param packageName that of a {@link SidecarPlatform}
 * @param sha256 of the archive, lower-case hexadecimal
 * @param size of the archive in bytes
 * @param signature lower-case hexadecimal; verified by hosts alone
 */
public record SidecarDistribution(
    String packageName, String version, String sha256, long size, String signature) {
  /** {@code name@version}. */
  public String reference() {
    return packageName + "@" + version;
  }
}
