package io.easyagent.server.onboarding;

import io.easyagent.server.artifact.SidecarPlatform;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The folder of the distribution that holds the install script and the sidecar's archives, read
 * once when the server starts. The signatures beside the archives are for upgrades: nothing here
 * looks at them.
 *
 * @param script empty: the server has nothing to give to new hosts
 * @param archives by platform
 */
public record SidecarArchives(Optional<ServedFile> script, Map<String, ServedFile> archives) {
  /** What a sidecar can be made for. */
  public static final List<String> PLATFORMS =
      Arrays.stream(SidecarPlatform.values()).map(SidecarPlatform::text).toList();

  private static final String SCRIPT = "install.sh";
  private static final String PREFIX = "easyagent-sidecar-";
  private static final String SUFFIX = ".tar.gz";

  public SidecarArchives {
    archives = Map.copyOf(archives);
  }

  /**
   * @param folder empty: there is none
   * @throws IllegalArgumentException naming the key when the folder is not as it should be
   */
  public static SidecarArchives in(Optional<Path> folder) {
    if (folder.isEmpty()) {
      return new SidecarArchives(Optional.empty(), Map.of());
    }
    try {
      Path script = folder.get().resolve(SCRIPT);
      if (!Files.isRegularFile(script)) {
        throw wrong(folder.get(), "no " + SCRIPT, "the folder sidecar of the distribution");
      }
      Map<String, ServedFile> archives = new TreeMap<>();
      for (String platform : PLATFORMS) {
        List<Path> found = find(folder.get(), platform);
        if (found.size() > 1) {
          throw wrong(folder.get(), found.size() + " archives for " + platform, "one");
        }
        if (!found.isEmpty()) {
          archives.put(platform, ServedFile.of(found.getFirst()));
        }
      }
      return new SidecarArchives(Optional.of(ServedFile.of(script)), archives);
    } catch (IOException unreadable) {
      throw wrong(folder.get(), unreadable.toString(), "a folder that can be read");
    }
  }

  private static List<Path> find(Path folder, String platform) throws IOException {
    List<Path> found = new ArrayList<>();
    try (Stream<Path> files = Files.list(folder)) {
      files
          .filter(file -> {
            String name = file.getFileName().toString();
            return name.startsWith(PREFIX) && name.endsWith("-" + platform + SUFFIX);
          })
          .forEach(found::add);
    }
    return found;
  }

  private static IllegalArgumentException wrong(Path folder, String what, String expected) {
    return new IllegalArgumentException(
        "sidecarArchives: %s: %s (expected: %s)".formatted(folder, what, expected));
  }
}
