package io.easyagent.sidecar.supervise;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CgroupParentsTest {
  private static final String GROUP = "/system.slice/easyagent-agents.scope";

  @TempDir Path mounts;

  @Test
  void aScopeIsUsedInEveryHierarchyThatHasItAndSystemdsOwnIsOneOfThem() throws Exception {
    Files.createDirectories(mounts.resolve("unified" + GROUP));
    Files.createDirectories(mounts.resolve("memory" + GROUP));
    Files.createDirectories(mounts.resolve("systemd" + GROUP));
    assertEquals(
        new CgroupParents(
            Optional.of(mounts.resolve("unified" + GROUP)),
            Map.of(
                "memory", mounts.resolve("memory" + GROUP),
                "systemd", mounts.resolve("systemd" + GROUP),
                "freezer", mounts.resolve("freezer/easyagent-agents.scope"))),
        CgroupParents.in(mountTable(), GROUP));
  }

  @Test
  void withoutAScopeSystemdsOwnHierarchyIsLeftAlone() {
    assertEquals(
        new CgroupParents(
            Optional.of(mounts.resolve("unified/x")),
            Map.of("memory", mounts.resolve("memory/x"), "freezer", mounts.resolve("freezer/x"))),
        CgroupParents.parse(mountTable(), "x"));
  }

  private String mountTable() {
    return """
    proc /proc proc rw 0 0
    cgroup %1$s/memory cgroup rw,nosuid,memory 0 0
    cgroup %1$s/systemd cgroup rw,nosuid,name=systemd 0 0
    cgroup %1$s/freezer cgroup rw,nosuid,freezer 0 0
    cgroup2 %1$s/unified cgroup2 rw,nosuid 0 0
    """
        .formatted(mounts);
  }
}
