package io.easyagent.sidecar.upgrade;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * A sidecar where the install script puts it: versions beside each other, one of them current, kept
 * running by something that asks the guard before each start.
 *
 * @param top of everything, root's
 * @param running the version that this process runs from
 */
public record Installation(Path top, String running) {
  /** Said by the unit and by the restart loop: the guard that they ask. */
  public static final String GUARD = "EASYAGENT_GUARD";

  /** The guard, below {@link #top}, outside of every version. */
  private static final Path GUARD_FILE = Path.of("guard", "easyagent-sidecar-guard");

  private static final String VERSIONS = "versions";

  /** What there is to replace. */
  public sealed interface Found {
    record Installed(Installation installation) implements Found {}

    /**
     * @param reason what, and what was expected
     */
    record Elsewhere(String reason) implements Found {}
  }

  /**
   * @param javaHome of this process
   * @param environment of this process
   */
  public static Found find(Path javaHome, Map<String, String> environment) {
    Optional<Installation> installation = of(javaHome);
    if (installation.isEmpty()) {
      return new Found.Elsewhere(
          "the sidecar runs from "
              + javaHome.toAbsolutePath().normalize().getParent()
              + " (expected: a version that install.sh has put beside others, and current)");
    }
    Path guard = installation.get().top().resolve(GUARD_FILE);
    if (!environment.getOrDefault(GUARD, "").equals(guard.toString())
        || !Files.isExecutable(guard)) {
      return new Found.Elsewhere(
          "no guard looks after the sidecar's starts (expected: "
              + guard
              + ", asked by its unit or its restart loop; the install.sh of this version sees to"
              + " that)");
    }
    return new Found.Installed(installation.get());
  }

  /**
   * The one that a program belongs to, whether or not a guard looks after it.
   *
   * @param javaHome of the program
   */
  public static Optional<Installation> of(Path javaHome) {
    Path home = javaHome.toAbsolutePath().normalize().getParent();
    Path versions = home == null ? null : home.getParent();
    Path top = versions == null ? null : versions.getParent();
    return home == null
            || versions == null
            || top == null
            || !versions.endsWith(VERSIONS)
            || !Files.isSymbolicLink(top.resolve("current"))
        ? Optional.empty()
        : Optional.of(new Installation(top, String.valueOf(home.getFileName())));
  }

  Path versions() {
    return top.resolve(VERSIONS);
  }

  public Path version(String version) {
    return versions().resolve(version);
  }

  /** The link to the version that the next start takes. */
  Path current() {
    return top.resolve("current");
  }

  /** What {@link #current} is made to lead to. */
  static Path target(String version) {
    return Path.of(VERSIONS, version);
  }

  /** Distributions on their way. */
  Path incoming() {
    return top.resolve("incoming");
  }

  Path trial() {
    return top.resolve("trial");
  }

  /** Keys that came with the installation. */
  Path releaseKeys() {
    return top.resolve("release-keys");
  }

  /** Whether the next start takes this version. */
  boolean isCurrent(String version) throws IOException {
    return Files.readSymbolicLink(current()).equals(target(version));
  }
}
