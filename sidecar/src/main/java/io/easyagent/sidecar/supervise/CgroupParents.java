package io.easyagent.sidecar.supervise;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The folders below which agents get cgroups of their own; never below the sidecar's own unit.
 *
 * @param unified in a cgroup v2 mount
 * @param legacy in cgroup v1 mounts, by the name of the controller
 */
public record CgroupParents(Optional<Path> unified, Map<String, Path> legacy) {
  static final List<String> LEGACY_CONTROLLERS = List.of("cpu", "memory", "pids", "freezer");

  public static final CgroupParents NONE = new CgroupParents(Optional.empty(), Map.of());

  public CgroupParents {
    legacy = Map.copyOf(legacy);
  }

  /** The folders of this name at the top of every cgroup mount of this machine. */
  public static CgroupParents below(String name) throws IOException {
    return parse(Files.readString(Path.of("/proc/self/mounts"), StandardCharsets.UTF_8), name);
  }

  static CgroupParents parse(String mounts, String name) {
    Optional<Path> unified = Optional.empty();
    Map<String, Path> legacy = new TreeMap<>();
    for (String line : mounts.lines().toList()) {
      String[] fields = line.split(" ");
      if (fields.length < 4) {
        continue;
      }
      Path folder = Path.of(fields[1]).resolve(name);
      if (fields[2].equals("cgroup2")) {
        unified = Optional.of(unified.orElse(folder));
      } else if (fields[2].equals("cgroup")) {
        List<String> options = Arrays.asList(fields[3].split(","));
        for (String controller : LEGACY_CONTROLLERS) {
          if (options.contains(controller)) {
            legacy.putIfAbsent(controller, folder);
          }
        }
      }
    }
    return new CgroupParents(unified, legacy);
  }
}
