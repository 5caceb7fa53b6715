package io.easyagent.benchmarks.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class ProcessUsageTest {
  private static final String STATUS =
      """
      Name:\tjava
      VmPeak:\t 3487700 kB
      VmHWM:\t  512000 kB
      VmRSS:\t  445004 kB
      """;

  @Test
  void fieldsAreCountedBehindTheName() {
    ProcessUsage usage =
        ProcessUsage.parse(
            "4711 (a ) b (c) S 1 4711 4711 0 -1 4194304 9 8 7 6 1250 250 3 2 20 0 35 0 99\n",
            STATUS);

    assertEquals(15, usage.cpuSeconds());
    assertEquals(445_004L * 1_024, usage.residentBytes());
    assertEquals(512_000L * 1_024, usage.peakBytes());
  }

  @Test
  void whatIsNotThereIsNotTakenForZero() {
    assertThrows(IllegalArgumentException.class, () -> ProcessUsage.parse("1 (a) S 1", STATUS));
    assertThrows(
        IllegalArgumentException.class,
        () ->
            ProcessUsage.parse(
                "1 (a) S 1 1 1 0 -1 4 9 8 7 6 1250 250 3", "Name:\tjava\nVmPeak:\t 1 kB\n"));
  }

  @Test
  void thisProcessHasUsedSomething() throws Exception {
    ProcessUsage usage = ProcessUsage.of(ProcessHandle.current().pid());

    assertTrue(usage.cpuSeconds() > 0, usage::toString);
    assertTrue(usage.residentBytes() > 1 << 20, usage::toString);
    assertTrue(usage.peakBytes() >= usage.residentBytes(), usage::toString);
  }
}
