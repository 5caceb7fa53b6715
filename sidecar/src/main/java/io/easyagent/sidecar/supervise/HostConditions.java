package io.easyagent.sidecar.supervise;

import io.easyagent.sidecar.linux.FileHoles;
import io.easyagent.sidecar.linux.Proc;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What this host cannot give its agents, one line each for an operator. Tries it out. */
final class HostConditions {
  private static final int PROBE_SIZE = 64 << 10;

  private HostConditions() {}

  static List<String> of(SupervisionSettings settings, Proc proc) {
    List<String> conditions = new ArrayList<>();
    conditions.addAll(ofRights(proc.mayChangeUser(), proc.seesEveryWaitStatus()));
    conditions.addAll(ofCgroups(settings.cgroups()));
    conditions.addAll(ofDisk(settings.runFolder()));
    return List.copyOf(conditions);
  }

  static List<String> ofRights(boolean mayChangeUser, boolean seesEveryWaitStatus) {
    if (!mayChangeUser) {
      return List.of(
          "the sidecar is not root (it lacks CAP_SETUID): agents run as its own user, "
              + System.getProperty("user.name")
              + ", only");
    }
    return seesEveryWaitStatus
        ? List.of()
        : List.of(
            "the sidecar lacks CAP_SYS_PTRACE: how agents of other users end is not known to it");
  }

  /** Where no cgroup is, and which limits cannot be set where one is. */
  static List<String> ofCgroups(CgroupParents parents) {
    List<Path> folders =
        Stream.concat(parents.unified().stream(), parents.legacy().values().stream()).toList();
    if (folders.isEmpty()) {
      return List.of(
          without(
              "neither a cgroup2 mount nor a cgroup mount of "
                  + String.join(", ", CgroupParents.LEGACY_CONTROLLERS)
                  + " in /proc/self/mounts"));
    }
    List<Path> usable = new ArrayList<>();
    List<String> reasons = new ArrayList<>();
    for (Path folder : folders) {
      try {
        Files.createDirectories(AgentCgroup.anchorIn(folder));
        usable.add(folder);
      } catch (IOException failure) {
        reasons.add(Failures.reason(failure));
      }
    }
    if (usable.isEmpty()) {
      return List.of(without(String.join("; ", reasons)));
    }
    List<String> missing =
        Stream.of("cpu", "memory", "pids")
            .filter(controller -> !has(parents, usable, controller))
            .toList();
    return missing.isEmpty()
        ? List.of()
        : List.of(
            "no cgroup controller for "
                + String.join(", ", missing)
                + " in "
                + String.join(", ", usable.stream().map(Path::toString).toList())
                + ": such limits of agents are not enforced");
  }

  private static String without(String reason) {
    return "no cgroup ("
        + reason
        + "): limits of agents are not enforced, and what leaves an agent's session may be left"
        + " behind";
  }

  private static boolean has(CgroupParents parents, List<Path> usable, String controller) {
    if (Optional.ofNullable(parents.legacy().get(controller))
        .filter(usable::contains)
        .isPresent()) {
      return true;
    }
    return parents
        .unified()
        .filter(usable::contains)
        .filter(folder -> AgentCgroup.controllers(folder).contains(controller))
        .isPresent();
  }

  /** Whether parts of files can be given back: the output of commands is bounded by that. */
  static List<String> ofDisk(Path folder) {
    Path probe = folder.resolve("probe-" + ProcessHandle.current().pid());
    try {
      try {
        Files.write(probe, new byte[PROBE_SIZE]);
        return FileHoles.punch(probe, 0, PROBE_SIZE / 2)
            ? List.of()
            : List.of(
                "the file system of "
                    + folder
                    + " cannot free parts of a file: commands that print too much are killed");
      } finally {
        Files.deleteIfExists(probe);
      }
    } catch (IOException failure) {
      return List.of(folder + " cannot be written: " + Failures.reason(failure));
    }
  }
}
