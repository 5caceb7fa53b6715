package io.easyagent.sidecar.supervise;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The programs of the host that launches go through, by absolute path: no search path of an agent
 * or of the sidecar's caller decides which.
 */
record HostPrograms(
    KeeperShell keeperShell,
    String shell,
    String env,
    String setsid,
    String setpriv,
    String prlimit,
    String nice,
    String sleep) {
  private static final List<String> FOLDERS =
      List.of("/usr/bin", "/bin", "/usr/sbin", "/sbin", "/usr/local/bin");

  /** Programs that the launch may need only for some agents are looked for then. */
  static HostPrograms locate() throws IOException {
    String env = require("env");
    return new HostPrograms(
        KeeperShell.choose(env),
        require("sh"),
        env,
        require("setsid"),
        find("setpriv").orElse(""),
        find("prlimit").orElse(""),
        find("nice").orElse(""),
        require("sleep"));
  }

  static Optional<String> find(String name) {
    return FOLDERS.stream()
        .map(folder -> Path.of(folder, name))
        .filter(Files::isExecutable)
        .map(Path::toString)
        .findFirst();
  }

  static String require(String name) throws IOException {
    return find(name)
        .orElseThrow(() -> new IOException("program: " + name + " (expected: in " + FOLDERS + ")"));
  }
}
