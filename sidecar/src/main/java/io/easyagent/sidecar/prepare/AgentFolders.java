package io.easyagent.sidecar.prepare;

import java.nio.file.Path;

/**
 * Where everything of one agent lies. Only {@link #data} belongs to the agent's user; nothing is
 * written, read or followed there as root.
 *
 * @param root the agent's folder
 */
public record AgentFolders(Path root) {

  /** Unpacked packages, one folder for each version. */
  public Path versions() {
    return root.resolve("versions");
  }

  /**
   * @param version checked: no part of it can leave {@link #versions}
   */
  public Path version(String version) throws PrepareException {
    return versions().resolve(PathNames.requireVersion(version));
  }

  /** Where a version is unpacked before it gets its name. */
  Path unfinished(String version) throws PrepareException {
    return versions().resolve(PathNames.requireVersion(version) + ".new");
  }

  /** The link to the version in force, for people; nothing depends on it. */
  public Path current() {
    return root.resolve("current");
  }

  /** Rendered files in force. */
  public Path config() {
    return root.resolve("config");
  }

  /** Rendered files that are not in force yet. */
  public Path candidates() {
    return root.resolve("config.new");
  }

  public Path logs() {
    return root.resolve("logs");
  }

  public Path data() {
    return root.resolve("data");
  }

  /** The values of the secrets in force: root's, 0600. */
  Path secrets() {
    return root.resolve("secrets");
  }

  /** The values of a definition that is not in force yet. */
  Path nextSecrets() {
    return root.resolve("secrets.new");
  }

  /** What the variables of the host were when the definition in force was applied. */
  Path variables() {
    return root.resolve("variables");
  }
}
