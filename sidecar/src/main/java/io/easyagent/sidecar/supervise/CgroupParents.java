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
import java.util.stream.Stream;

/**
 * The folders below which agents get cgroups of their own; never below the sidecar's own unit.
 *
 * @param unified in a cgroup v2 mount
 * @param legacy in cgroup v1 mounts, by the name of the controller, or else of the mount
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

  /**
   * Where the cgroups of agents are whose sidecar does not run: in systemd's scope where that still
   * is, else below that name.
   */
  public static CgroupParents left(String name) throws IOException {
    CgroupParents scope = in(SystemdScope.USUAL_GROUP);
    return scope.all().anyMatch(parent -> parent.toString().endsWith(SystemdScope.USUAL_GROUP))
        ? scope
        : below(name);
  }

  /**
   * The folders of a group that somebody else has made, by its path in every mount that has it,
   * systemd's own hierarchy among them, so that nothing of an agent stays elsewhere; and where a
   * mount of a controller that we use has no such group, a folder of the group's last name.
   */
  static CgroupParents in(String group) throws IOException {
    return in(Files.readString(Path.of("/proc/self/mounts"), StandardCharsets.UTF_8), group);
  }

  static CgroupParents in(String mounts, String group) {
    CgroupParents top = parse(mounts, "");
    Map<String, Path> legacy = new TreeMap<>(top.legacy());
    for (String line : mounts.lines().toList()) {
      String[] fields = line.split(" ");
      if (fields.length >= 4 && fields[2].equals("cgroup")) {
        Path mount = Path.of(fields[1]);
        if (!legacy.containsValue(mount) && Files.isDirectory(Path.of(mount + group))) {
          legacy.put(String.valueOf(mount.getFileName()), mount);
        }
      }
    }
    legacy.replaceAll((_, mount) -> groupIn(mount, group));
    return new CgroupParents(top.unified().map(mount -> groupIn(mount, group)), legacy);
  }

  private static Path groupIn(Path mount, String group) {
    Path whole = Path.of(mount + group);
    return Files.isDirectory(whole) ? whole : mount.resolve(String.valueOf(whole.getFileName()));
  }

  /** In every hierarchy. */
  Stream<Path> all() {
    return Stream.concat(unified.stream(), legacy.values().stream());
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
