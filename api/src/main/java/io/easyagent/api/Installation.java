package io.easyagent.api;

import java.util.List;

/**
 * How a new host gets the sidecar from this server.
 *
 * @param url of the operators' port, from the server's configuration; the script is {@code
 *     URL/install.sh}, an archive {@code URL/install/PLATFORM.tar.gz}
 * @param script hexadecimal SHA-256 of the install script
 */
public record Installation(String url, String script, List<Archive> archives) {
  /**
   * The sidecar for one platform.
   *
   * @param platform for example {@code linux-x86_64}
   * @param file its name in the server's distribution
   * @param sha256 hexadecimal
   */
  public record Archive(String platform, String file, String sha256) {}
}
