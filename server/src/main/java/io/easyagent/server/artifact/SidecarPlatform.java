package io.easyagent.server.artifact;

import java.util.Arrays;
import java.util.Optional;
import java.util.Set;

/** What a sidecar can be made for. */
public enum SidecarPlatform {
  LINUX_X86_64("linux-x86_64", "linux", Set.of("amd64", "x86_64")),
  LINUX_AARCH64("linux-aarch64", "linux", Set.of("aarch64", "arm64"));

  private static final String PACKAGE_PREFIX = "easyagent-sidecar-";

  private final String text;
  private final String system;
  private final Set<String> architectures;

  SidecarPlatform(String text, String system, Set<String> architectures) {
    this.text = text;
    this.system = system;
    this.architectures = architectures;
  }

  /** As in the names of archives. */
  public String text() {
    return text;
  }

  /** The package that its distributions are versions of. */
  public String packageName() {
    return PACKAGE_PREFIX + text;
  }

  /** Of a host that says this of itself. */
  public static Optional<SidecarPlatform> of(String system, String architecture) {
    return Arrays.stream(values())
        .filter(each -> each.system.equals(system) && each.architectures.contains(architecture))
        .findFirst();
  }

  /** Whether it is the package of one of the platforms. */
  static boolean isPackage(String name) {
    return Arrays.stream(values()).anyMatch(each -> each.packageName().equals(name));
  }
}
