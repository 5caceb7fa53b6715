package io.easyagent.sidecar.supervise;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.easyagent.sidecar.process.Phase;
import io.easyagent.sidecar.process.ProcessEnd;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutOfMemoryTest {
  private static final ProcessEnd KILLED = new ProcessEnd.Signalled(9);
  private static final ProcessEnd OVER_ITS_LIMIT =
      new ProcessEnd.OutOfMemory(OptionalLong.of(512 << 20));

  @TempDir private Path cgroup;
  @TempDir private Path run;
  private final List<String> told = new ArrayList<>();
  private OutOfMemory memory;

  @BeforeEach
  void launch() throws IOException {
    Files.writeString(cgroup.resolve("memory.max"), "536870912\n");
    counts(5, 7);
    memory = nextLife();
    memory.launching(Phase.MAIN);
  }

  private OutOfMemory nextLife() {
    return new OutOfMemory(
        new CgroupMemory(Optional.of(cgroup), Optional.empty()),
        new RecordFolder(run.resolve("agent")),
        told::add);
  }

  private void counts(int kills, int limitHits) throws IOException {
    Files.writeString(
        cgroup.resolve("memory.events"),
        "low 0\nhigh 0\nmax 0\noom " + limitHits + "\noom_kill " + kills + "\n");
  }

  @Test
  void whatWasCountedBeforeTheLaunchIsNotItsEnd() {
    assertEquals(KILLED, memory.judge(KILLED));
    assertEquals(List.of(), told);
  }

  @Test
  void aKillOverItsLimitIsTold() throws IOException {
    counts(6, 8);
    assertEquals(OVER_ITS_LIMIT, memory.judge(KILLED));
    assertEquals(List.of(), told);
    assertEquals(Optional.empty(), memory.condition());
  }

  @Test
  void aKillBelowItsLimitIsForWantOfOthersMemory() throws IOException {
    counts(6, 7);
    assertEquals(new ProcessEnd.OutOfMemory(OptionalLong.empty()), memory.judge(KILLED));
  }

  @Test
  void anotherEndIsItsOwnAlsoWhenSomethingElseWasKilled() throws IOException {
    counts(7, 8);
    ProcessEnd exited = new ProcessEnd.Exited(1);
    assertEquals(exited, memory.judge(exited));
    assertEquals(
        List.of("out of memory: limit 512MiB: 2 processes of it killed, not its main process"),
        told);
  }

  @Test
  void whatIsKilledBesideTheMainProcessIsToldOnceAndShown() throws IOException {
    memory.look();
    counts(6, 8);
    memory.look();
    assertEquals(List.of(), told, "it may be the main process that is ending");
    memory.look();
    memory.look();
    assertEquals(
        List.of("out of memory: limit 512MiB: 1 process of it killed, not its main process"), told);
    assertEquals(
        Optional.of("out of memory: 1 process of it killed since its start (limit 512MiB)"),
        memory.condition());
    assertEquals(KILLED, memory.judge(KILLED), "that was another process");
    memory.launching(Phase.MAIN);
    assertEquals(Optional.empty(), memory.condition());
  }

  @Test
  void theNextLifeOfTheSidecarGoesOnFromThere() throws IOException {
    counts(6, 8);
    memory.look();
    memory.look();
    OutOfMemory next = nextLife();
    next.adopted(Phase.MAIN);
    assertEquals(memory.condition(), next.condition());
    assertEquals(KILLED, next.judge(KILLED));
    counts(7, 9);
    assertEquals(OVER_ITS_LIMIT, next.judge(KILLED));
  }

  @Test
  void ofALaunchWithoutARecordNothingIsClaimed() throws IOException {
    OutOfMemory next = nextLife();
    next.adopted(Phase.PRE_START);
    counts(9, 9);
    assertEquals(KILLED, next.judge(KILLED));
    next.look();
    next.look();
    assertEquals(List.of(), told);
  }
}
