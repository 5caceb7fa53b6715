package io.easyagent.sidecar.supervise;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostConditionsTest {
  private static final String CONSEQUENCE =
      "limits of agents are not enforced, and what leaves an agent's session may be left behind";

  @TempDir Path folder;

  @Test
  void withoutAnyMountItIsSaidWhatWasLookedForAndWhere() {
    assertEquals(
        List.of(
            "no cgroup (neither a cgroup2 mount nor a cgroup mount of cpu, memory, pids, freezer"
                + " in /proc/self/mounts): "
                + CONSEQUENCE),
        HostConditions.ofCgroups(CgroupParents.NONE));
  }

  @Test
  void aFolderThatCannotBeMadeIsNamed() throws IOException {
    Path file = Files.createFile(folder.resolve("file"));
    List<String> conditions = ofUnified(file.resolve("agents"));
    assertEquals(1, conditions.size());
    assertEquals(
        "no cgroup (" + file, conditions.getFirst().substring(0, 11 + file.toString().length()));
  }

  @Test
  void controllersThatNoHierarchyHasAreNamed() throws IOException {
    Path unified = Files.createDirectories(folder.resolve("unified/agents"));
    Files.writeString(unified.resolve("cgroup.controllers"), "hugetlb pids\n");
    Path memory = folder.resolve("memory/agents");
    assertEquals(
        List.of(
            "no cgroup controller for cpu in "
                + unified
                + ", "
                + memory
                + ": such limits of agents are not enforced"),
        HostConditions.ofCgroups(
            new CgroupParents(Optional.of(unified), Map.of("memory", memory))));
    Files.writeString(unified.resolve("cgroup.controllers"), "cpu memory pids\n");
    assertEquals(List.of(), ofUnified(unified));
  }

  @Test
  void missingRightsAreSaid() {
    assertEquals(List.of(), HostConditions.ofRights(true, true));
    assertEquals(
        List.of(
            "the sidecar is not root (it lacks CAP_SETUID): agents run as its own user, "
                + System.getProperty("user.name")
                + ", only"),
        HostConditions.ofRights(false, false));
    assertEquals(1, HostConditions.ofRights(true, false).size());
  }

  @Test
  void aFolderThatCannotBeWrittenIsSaidAndNothingIsLeftInOneThatCan() throws IOException {
    Path missing = folder.resolve("missing");
    assertEquals(1, HostConditions.ofDisk(missing).size());
    assertEquals(List.of(), HostConditions.ofDisk(folder));
    assertEquals(0, folder.toFile().list().length);
  }

  private static List<String> ofUnified(Path parent) {
    return HostConditions.ofCgroups(new CgroupParents(Optional.of(parent), Map.of()));
  }
}
