package io.easyagent.sidecar.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ProcTextTest {

  @Test
  void cpuTimesCountGuestsOnceAndWaitingAsIdle() {
    assertEquals(
        new ProcText.CpuTimes(100, 60),
        ProcText.cpuTimes("cpu  10 5 15 50 10 4 3 3 7 7\ncpu0 1 1 1 1\n"));
    assertEquals(new ProcText.CpuTimes(0, 0), ProcText.cpuTimes(""));
  }

  @Test
  void memoryIsInBytes() {
    assertEquals(
        2_048L, ProcText.memory("MemTotal:       2 kB\nHugePages_Total: 7\n").get("MemTotal"));
  }

  @Test
  void aProcessNameMayHoldAnything() {
    String stat =
        "42 (a) b (c) S 7 42 42 0 -1 4194560 1 2 3 4 11 22 5 6 20 0 1 0 99 1000 33 184467 1";
    assertEquals(
        Optional.of(new ProcText.ProcessStat(42, "a) b (c", 7, 33, 1, 99, 33)),
        ProcText.process(stat));
    assertFalse(ProcText.process("").isPresent());
    assertFalse(ProcText.process("42 (a) S 1").isPresent());
  }

  @Test
  void whatNeverReachedADiskIsNoTraffic() {
    assertEquals(
        new ProcText.DiskTraffic(4_096, 3_000),
        ProcText.diskTraffic(
            "rchar: 1\nread_bytes: 4096\nwrite_bytes: 8000\ncancelled_write_bytes: 5000\n"));
    assertEquals(
        new ProcText.DiskTraffic(0, 0),
        ProcText.diskTraffic("write_bytes: 1\ncancelled_write_bytes: 2\nread_bytes: many\n"));
    assertEquals(new ProcText.DiskTraffic(0, 0), ProcText.diskTraffic(""));
  }

  @Test
  void loopbackIsNoNetwork() {
    String dev =
        "Inter-|   Receive\n face |bytes\n"
            + "    lo: 1 2 0 0 0 0 0 0 3 4 0 0 0 0 0 0\n"
            + "  eth0: 10 2 0 0 0 0 0 0 30 4 0 0 0 0 0 0\n";
    assertEquals(List.of(new ProcText.Interface("eth0", 10, 30)), ProcText.interfaces(dev));
  }

  @Test
  void eachDeviceIsOneDisk() {
    String mounts =
        "/dev/sda1 / ext4 rw 0 0\nproc /proc proc rw 0 0\n"
            + "/dev/sda1 /bind ext4 rw 0 0\n/dev/sdb1 /my\\040disk xfs rw 0 0\n";
    assertEquals(List.of("/", "/my disk"), ProcText.disks(mounts));
  }

  @Test
  void firstNumbersAndAssignments() {
    assertEquals(0.25, ProcText.firstNumber("0.25 0.10 0.01 1/100 5\n"));
    assertEquals(0, ProcText.firstNumber(""));
    assertEquals("debian", ProcText.assignments("ID=\"debian\"\nX\n").get("ID"));
  }
}
