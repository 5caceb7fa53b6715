package io.easyagent.sidecar.supervise;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.easyagent.sidecar.supervise.CgroupMemory.Counters;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The files of both hierarchies, as kernels write them. */
class CgroupMemoryTest {
  @TempDir private Path unified;
  @TempDir private Path legacy;

  private void writeUnified(String events, String limit) throws IOException {
    Files.writeString(unified.resolve("memory.events"), events);
    Files.writeString(unified.resolve("memory.max"), limit);
  }

  private void writeLegacy(String control, String failures, String limit) throws IOException {
    Files.writeString(legacy.resolve("memory.oom_control"), control);
    Files.writeString(legacy.resolve("memory.failcnt"), failures);
    Files.writeString(legacy.resolve("memory.limit_in_bytes"), limit);
  }

  private CgroupMemory memory() {
    return new CgroupMemory(Optional.of(unified), Optional.of(legacy));
  }

  @Test
  void theUnifiedHierarchyIsRead() throws IOException {
    writeUnified("low 0\nhigh 0\nmax 29\noom 3\noom_kill 2\noom_group_kill 1\n", "536870912\n");
    assertEquals(Optional.of(new Counters(2, 3)), memory().read());
    assertEquals(OptionalLong.of(512 << 20), memory().limit());
  }

  @Test
  void noLimitIsNone() throws IOException {
    writeUnified("low 0\nhigh 0\nmax 0\noom 0\noom_kill 1\n", "max\n");
    assertEquals(Optional.of(new Counters(1, 0)), memory().read());
    assertEquals(OptionalLong.empty(), memory().limit());
  }

  @Test
  void theLegacyHierarchyIsRead() throws IOException {
    writeLegacy("oom_kill_disable 0\nunder_oom 0\noom_kill 2\n", "57\n", "33554432\n");
    assertEquals(Optional.of(new Counters(2, 57)), memory().read());
    assertEquals(OptionalLong.of(32 << 20), memory().limit());
    writeLegacy("oom_kill_disable 0\nunder_oom 0\noom_kill 0\n", "0\n", "9223372036854771712\n");
    assertEquals(Optional.of(Counters.NONE), memory().read());
    assertEquals(OptionalLong.empty(), memory().limit());
  }

  @Test
  void whereNothingIsCountedNothingIsKnown() throws IOException {
    assertEquals(Optional.empty(), memory().read());
    writeLegacy("oom_kill_disable 0\nunder_oom 0\n", "57\n", "33554432\n");
    assertEquals(Optional.empty(), memory().read(), "a kernel before 4.13");
    assertEquals(Optional.empty(), new CgroupMemory(Optional.empty(), Optional.empty()).read());
  }
}
