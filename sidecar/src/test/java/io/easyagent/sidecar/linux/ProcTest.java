package io.easyagent.sidecar.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcTest {
  @TempDir private Path root;
  private Proc proc;

  @BeforeEach
  void open() {
    proc = new Proc(root);
  }

  private void write(String file, String text) throws IOException {
    Path path = root.resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, text, StandardCharsets.UTF_8);
  }

  private void writeStat(int pid, int parent, long ticks) throws IOException {
    write(
        pid + "/stat",
        pid + " (x) S " + parent + " 1 1" + " 0".repeat(15) + " " + ticks + " 0".repeat(30));
  }

  @Test
  void aNumberWithOtherTicksIsAnotherProcess() throws IOException {
    writeStat(5, 1, 77);
    assertTrue(proc.findStat(new ProcessIdentity(5, 77)).isPresent());
    assertFalse(proc.findStat(new ProcessIdentity(5, 78)).isPresent());
    assertFalse(proc.findStat(6).isPresent());
  }

  private void writeCapabilities(String effective) throws IOException {
    write("self/status", "Name:\tx\nCapEff:\t" + effective + "\n");
  }

  @Test
  void whatWeMayRaiseHasNoLimitButTheKernels() throws IOException {
    write("sys/fs/nr_open", "1048576\n");
    write(
        "self/limits",
        """
        Limit                     Soft Limit           Hard Limit           Units
        Max core file size        0                    unlimited            bytes
        Max processes             100                  200                  processes
        Max open files            1024                 4096                 files
        """);
    writeCapabilities("0000000001000000");
    assertEquals(1_048_576, proc.mostOf(Proc.OPEN_FILES));
    assertEquals(Long.MAX_VALUE, proc.mostOf(Proc.PROCESSES));
    writeCapabilities("0000000000800000");
    assertEquals(4096, proc.mostOf(Proc.OPEN_FILES));
    assertEquals(200, proc.mostOf(Proc.PROCESSES));
    assertEquals(Long.MAX_VALUE, proc.mostOf(Proc.CORE_SIZE));
    assertTrue(proc.mayRaisePriority());
    writeCapabilities("0000000001000000");
    assertFalse(proc.mayRaisePriority());
  }

  @Test
  void ourPriorityIsReadBehindTheName() throws IOException {
    write("self/stat", "5 (a ) b) S" + " 1".repeat(15) + " -7" + " 0".repeat(30));
    assertEquals(-7, proc.ownNiceness());
  }

  @Test
  void childrenAreTheKernelsListOrElseSearchedFor() throws IOException {
    writeStat(5, 1, 1);
    writeStat(6, 5, 2);
    writeStat(7, 6, 3);
    assertEquals(List.of(6), proc.children(5));
    write("5/task/5/children", "6 8 ");
    assertEquals(List.of(6, 8), proc.children(5));
    write("5/task/5/children", "");
    assertEquals(List.of(), proc.children(5));
  }

  @Test
  void anEnvironmentIsComparedByWholeEntries() throws IOException {
    write("5/environ", "AB=1\0B=1\0LONG=A=1\0");
    assertTrue(proc.environmentHas(5, "AB=1"));
    assertTrue(proc.environmentHas(5, "B=1"));
    assertFalse(proc.environmentHas(5, "A=1"));
    assertFalse(proc.environmentHas(5, "B="));
    assertFalse(proc.environmentHas(6, "B=1"));
  }

  @Test
  void ageIsCountedOnTheBootClock() throws IOException {
    write("uptime", "1000.50 3.00\n");
    assertEquals(Duration.ofMillis(500), proc.age(new ProcessIdentity(5, 100_000)));
    assertEquals(Duration.ZERO, proc.age(new ProcessIdentity(5, 100_100)));
  }

  @Test
  void whoMaySeeEveryWaitStatusHasTheCapability() throws IOException {
    write("self/status", "Name:\tx\nCapEff:\t0000000000080000\n");
    assertTrue(proc.seesEveryWaitStatus());
    write("self/status", "Name:\tx\nCapEff:\t00000000a80425fb\n");
    assertFalse(proc.seesEveryWaitStatus());
  }

  @Test
  void whoMayChangeUserHasBothCapabilities() throws IOException {
    write("self/status", "CapEff:\t00000000000000c0\n");
    assertTrue(proc.mayChangeUser());
    write("self/status", "CapEff:\t0000000000000080\n");
    assertFalse(proc.mayChangeUser());
  }

  @Test
  void theRealOneKnowsThisProcess() {
    Proc real = new Proc();
    int own = (int) ProcessHandle.current().pid();
    assertTrue(real.pids().contains(own));
    assertEquals(Optional.of(own), real.findStat(own).map(ProcStat::pid));
    assertEquals(36, real.bootId().length());
  }
}
