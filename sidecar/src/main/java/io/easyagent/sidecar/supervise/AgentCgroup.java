package io.easyagent.sidecar.supervise;

import io.easyagent.sidecar.agent.Limits;
import io.easyagent.sidecar.linux.Proc;
import io.easyagent.sidecar.linux.ProcessIdentity;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The cgroup of one agent or task: a folder of its name below every parent. Everything that the
 * main process starts is in it, whatever it does to its group, session and environment. Keepers are
 * outside, in the anchor, but for one that waits for the next launch.
 */
final class AgentCgroup {
  private static final String ANCHOR = "keepers";
  private static final int CPU_PERIOD = 100_000;

  private final CgroupParents parents;
  private final String name;

  AgentCgroup(CgroupParents parents, String name) {
    this.parents = parents;
    this.name = name;
  }

  /** Where keepers are, below a parent of agents' cgroups. */
  static Path anchorIn(Path parent) {
    return parent.resolve(ANCHOR);
  }

  /** The file that names the processes of a cgroup, and takes more. */
  static Path procsIn(Path folder) {
    return folder.resolve("cgroup.procs");
  }

  /** What a parent in the unified hierarchy can give; none when that cannot be read. */
  static List<String> controllers(Path parent) {
    try {
      return List.of(Files.readString(parent.resolve("cgroup.controllers")).strip().split(" "));
    } catch (IOException none) {
      return List.of();
    }
  }

  private Optional<Path> unified() {
    return parents.unified().map(parent -> parent.resolve(name));
  }

  private Map<String, Path> legacy() {
    Map<String, Path> folders = new LinkedHashMap<>();
    parents.legacy().forEach((controller, parent) -> folders.put(controller, parent.resolve(name)));
    return folders;
  }

  /** What an operator should know: limits and safety that this host cannot give. */
  List<String> prepare(Limits limits) {
    List<String> conditions = new ArrayList<>();
    String reason = "none is configured or mounted";
    for (Path folder : allFolders()) {
      try {
        Files.createDirectories(folder);
        Files.createDirectories(folder.resolveSibling(ANCHOR));
      } catch (IOException failure) {
        reason = Failures.reason(failure);
      }
    }
    if (!exists()) {
      conditions.add("no cgroup: " + reason + "; what leaves the session may be left behind");
    }
    limits
        .cpu()
        .ifPresent(cores ->
            limit(
                conditions,
                "cpu",
                Map.of("cpu.max", (long) (cores * CPU_PERIOD) + " " + CPU_PERIOD),
                Map.of(
                    "cpu.cfs_period_us",
                    Integer.toString(CPU_PERIOD),
                    "cpu.cfs_quota_us",
                    Long.toString((long) (cores * CPU_PERIOD)))));
    limit(conditions, "memory", limits.memory(), "memory.max", "memory.limit_in_bytes");
    limit(conditions, "pids", limits.tasks(), "pids.max", "pids.max");
    return conditions;
  }

  private void limit(
      List<String> conditions,
      String controller,
      OptionalLong limit,
      String unifiedFile,
      String legacyFile) {
    if (limit.isPresent()) {
      String value = Long.toString(limit.getAsLong());
      limit(conditions, controller, Map.of(unifiedFile, value), Map.of(legacyFile, value));
    }
  }

  /** The unified hierarchy where it has the controller, else the legacy one, else a condition. */
  private void limit(
      List<String> conditions,
      String controller,
      Map<String, String> unifiedValues,
      Map<String, String> legacyValues) {
    try {
      Optional<Path> unified = unified().filter(folder -> enable(folder, controller));
      Optional<Path> legacy = Optional.ofNullable(legacy().get(controller)).filter(Files::exists);
      if (unified.isPresent()) {
        write(unified.get(), unifiedValues);
      } else if (legacy.isPresent()) {
        write(legacy.get(), legacyValues);
      } else {
        conditions.add(controller + " limit not set: this host has no such controller for us");
      }
    } catch (IOException failure) {
      conditions.add(controller + " limit not set: " + Failures.reason(failure));
    }
  }

  /** Whether the agent's folder has the controller, after asking its parent for it. */
  private static boolean enable(Path folder, String controller) {
    try {
      if (!controllers(folder.resolveSibling("")).contains(controller)) {
        return false;
      }
      write(folder.resolveSibling("cgroup.subtree_control"), "+" + controller);
      return true;
    } catch (IOException cannot) {
      return false;
    }
  }

  private static void write(Path folder, Map<String, String> values) throws IOException {
    for (Map.Entry<String, String> value : values.entrySet()) {
      write(folder.resolve(value.getKey()), value.getValue());
    }
  }

  private static void write(Path file, String value) throws IOException {
    Files.write(file, value.getBytes(StandardCharsets.US_ASCII), StandardOpenOption.WRITE);
  }

  private List<Path> allFolders() {
    return Stream.concat(unified().stream(), legacy().values().stream()).toList();
  }

  /** Whether there is a folder that holds every process of the tree. */
  boolean exists() {
    return allFolders().stream().anyMatch(Files::exists);
  }

  /**
   * Puts a process in, so that all its children are born inside. A folder that does not take it is
   * removed: a folder that is there holds the whole tree.
   *
   * @return what an operator should know
   */
  List<String> enter(int pid) {
    List<String> conditions = new ArrayList<>();
    for (Path folder : allFolders()) {
      try {
        if (Files.exists(folder)) {
          write(procsIn(folder), Integer.toString(pid));
        }
      } catch (IOException failure) {
        conditions.add("no cgroup: " + Failures.reason(failure));
        remove(folder);
      }
    }
    return conditions;
  }

  /**
   * Takes a keeper out, so that killing the tree does not end it. Where there is no folder of ours
   * it is not inside, and the anchor may be another user's.
   */
  void anchor(int keeper) throws IOException {
    for (Path folder : allFolders()) {
      Path anchor = folder.resolveSibling(ANCHOR);
      if (Files.exists(folder) && Files.exists(anchor)) {
        write(procsIn(anchor), Integer.toString(keeper));
      }
    }
  }

  /** Takes a keeper out that a dying sidecar has left inside. */
  void anchorIfThere(Proc proc, ProcessIdentity keeper) throws IOException {
    if (pids().contains(keeper.pid()) && proc.findStat(keeper).isPresent()) {
      anchor(keeper.pid());
    }
  }

  /** Everything inside, and inside its sub-cgroups. */
  Set<Integer> pids() throws IOException {
    Set<Integer> pids = new LinkedHashSet<>();
    for (Path folder : allFolders()) {
      for (Path inner : withInner(folder)) {
        for (String line : readLines(procsIn(inner))) {
          pids.add(Integer.valueOf(line));
        }
      }
    }
    return pids;
  }

  /** Reading races with cgroups that go away: those are empty. */
  private static List<String> readLines(Path file) {
    try {
      return Files.readAllLines(file);
    } catch (IOException gone) {
      return List.of();
    }
  }

  private static List<Path> withInner(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return List.of();
    }
    if (hasNoInner(folder)) {
      return List.of(folder);
    }
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(Files::isDirectory).toList();
    } catch (java.io.UncheckedIOException gone) {
      return List.of(folder);
    }
  }

  /** A cgroup's folder has a link from each folder in it, and two of its own. */
  private static boolean hasNoInner(Path folder) {
    try {
      return Files.getAttribute(folder, "unix:nlink") instanceof Integer links && links == 2;
    } catch (IOException gone) {
      return false;
    }
  }

  /**
   * Kills everything inside in one step that no fork can outrun.
   *
   * @return false when this kernel has no such step
   */
  boolean kill() {
    Optional<Path> killer =
        unified().map(folder -> folder.resolve("cgroup.kill")).filter(Files::exists);
    if (killer.isEmpty()) {
      return false;
    }
    try {
      write(killer.get(), "1");
      return true;
    } catch (IOException cannot) {
      return false;
    }
  }

  /** Holds everything inside, so that one round of kills reaches all; no harm where it cannot. */
  void freeze(boolean frozen) throws IOException {
    Optional<Path> unified =
        unified().map(folder -> folder.resolve("cgroup.freeze")).filter(Files::exists);
    Optional<Path> legacy =
        Optional.ofNullable(legacy().get("freezer"))
            .map(folder -> folder.resolve("freezer.state"))
            .filter(Files::exists);
    if (unified.isPresent()) {
      write(unified.get(), frozen ? "1" : "0");
    } else if (legacy.isPresent()) {
      write(legacy.get(), frozen ? "FROZEN" : "THAWED");
    }
  }

  /** Whether everything inside is held by now; false also where nothing can be. */
  boolean isFrozen() throws IOException {
    Optional<Path> events =
        unified()
            .filter(folder -> Files.exists(folder.resolve("cgroup.freeze")))
            .map(folder -> folder.resolve("cgroup.events"));
    if (events.isPresent()) {
      return readLines(events.get()).contains("frozen 1");
    }
    return Optional.ofNullable(legacy().get("freezer"))
        .filter(folder -> readLines(folder.resolve("freezer.state")).contains("FROZEN"))
        .isPresent();
  }

  /** What the kernel counts of its memory. */
  CgroupMemory memory() {
    return new CgroupMemory(unified(), Optional.ofNullable(legacy().get("memory")));
  }

  /** Removes the empty folders; what is still used stays. */
  void remove() {
    allFolders().forEach(AgentCgroup::remove);
  }

  private static void remove(Path folder) {
    try {
      for (Path inner : withInner(folder).reversed()) {
        Files.deleteIfExists(inner);
      }
    } catch (IOException stillUsed) {
      // An empty folder costs nothing, and the next launch uses it again.
      return;
    }
  }
}
