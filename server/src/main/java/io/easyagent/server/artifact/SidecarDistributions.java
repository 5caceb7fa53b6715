package io.easyagent.server.artifact;

/** The distributions of the sidecar among the packages. Methods wait for the store. */
public final class SidecarDistributions {
  private final PackageRepository packages;

  public SidecarDistributions(PackageRepository packages) {
    this.packages = packages;
  }

  /** What there is of a version for a platform. */
  public sealed interface Found {
    record Signed(SidecarDistribution distribution) implements Found {}

    /** No sidecar would take it. */
    record Unsigned(String reference) implements Found {}

    record Missing(String reference) implements Found {}
  }

  public Found find(SidecarPlatform platform, String version) {
    String name = platform.packageName();
    String reference = name + "@" + version;
    return packages
        .find(name, version)
        .map(there ->
            there
                .signature()
                .<Found>map(signature ->
                    new Found.Signed(
                        new SidecarDistribution(
                            name, version, there.sha256(), there.size(), signature)))
                .orElseGet(() -> new Found.Unsigned(reference)))
        .orElseGet(() -> new Found.Missing(reference));
  }
}
