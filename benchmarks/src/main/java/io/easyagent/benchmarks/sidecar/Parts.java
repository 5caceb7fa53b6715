package io.easyagent.benchmarks.sidecar;

import io.easyagent.benchmarks.measure.BenchException;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What this machine must have. {@code ./dev} installs it; nothing is measured without it. */
final class Parts {
  static final String SUPERVISORD = "/usr/bin/supervisord";
  static final String SUPERVISORCTL = "/usr/bin/supervisorctl";
  static final String COMPILER = "/usr/bin/cc";

  private static final Map<String, String> PACKAGES =
      Map.of(SUPERVISORD, "supervisor", SUPERVISORCTL, "supervisor", COMPILER, "gcc and libc6-dev");

  private Parts() {}

  /**
   * @throws BenchException that names what is missing, and Debian's package of it
   */
  static void require(Settings settings) throws BenchException {
    List<String> missing = new ArrayList<>();
    PACKAGES.forEach((program, owner) -> {
      if (!Files.isExecutable(Path.of(program))) {
        missing.add(program + " (Debian: " + owner + ")");
      }
    });
    for (Path distribution : List.of(settings.easyagent(), settings.sidecar())) {
      if (!Files.isDirectory(distribution)) {
        missing.add(distribution + " (made by: ./dev dist)");
      }
    }
    if (!missing.isEmpty()) {
      throw new BenchException("missing: " + String.join(", ", missing.stream().sorted().toList()));
    }
    requireUser(settings);
  }

  private static void requireUser(Settings settings) throws BenchException {
    if (settings.otherUser() && !"root".equals(System.getProperty("user.name"))) {
      throw new BenchException(
          "--user: %s (expected: %s, or that root runs this)"
              .formatted(settings.user(), System.getProperty("user.name")));
    }
    try {
      UserPrincipal unused =
          FileSystems.getDefault()
              .getUserPrincipalLookupService()
              .lookupPrincipalByName(settings.user());
    } catch (IOException unknown) {
      throw new BenchException(
          "--user: " + settings.user() + " (expected: a user of this machine)");
    }
  }

  /** By the names of what is measured. */
  static Map<String, String> versions(Settings settings)
      throws IOException, InterruptedException, BenchException {
    Map<String, String> versions = new TreeMap<>();
    versions.put("easyagent", Files.readString(settings.easyagent().resolve("VERSION")).strip());
    versions.put("supervisord", Programs.output(List.of(SUPERVISORD, "--version")));
    versions.put("python", Programs.output(List.of("/usr/bin/python3", "--version")));
    return versions;
  }
}
