package io.easyagent.server.transport;

import java.util.Set;

/**
 * Everything that is answered without a token. Nothing else is, and nothing here tells of hosts.
 */
public final class OpenRoutes {
  public static final Set<String> PATHS =
      Set.of(
          "/healthz",
          "/readyz",
          "/openapi.yaml",
          "/install.sh",
          "/install/linux-x86_64.tar.gz",
          "/install/linux-aarch64.tar.gz");

  private OpenRoutes() {}

  static boolean contains(String method, String path) {
    return (method.equals("GET") || method.equals("HEAD")) && PATHS.contains(path);
  }
}
