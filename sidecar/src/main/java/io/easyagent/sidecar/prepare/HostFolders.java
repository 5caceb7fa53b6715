package io.easyagent.sidecar.prepare;

import java.nio.file.Path;
import java.util.UUID;

/**
 * Where everything lies below the sidecar's data folder.
 *
 * @param data absolute
 */
public record HostFolders(Path data) {
  public HostFolders {
    if (!data.isAbsolute()) {
      throw new IllegalArgumentException("data folder: " + data + " (expected: an absolute path)");
    }
  }

  public Path agents() {
    return data.resolve("agents");
  }

  /**
   * @param name checked: no part of it can leave {@link #agents}
   */
  public AgentFolders agent(String name) throws PrepareException {
    return new AgentFolders(agents().resolve(PathNames.requireAgentName(name)));
  }

  public Path packages() {
    return data.resolve("packages");
  }

  public Path scripts() {
    return data.resolve("scripts");
  }

  public Path script(UUID task) {
    return scripts().resolve(task.toString());
  }
}
