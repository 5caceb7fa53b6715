package io.easyagent.benchmarks.sidecar;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class MemoryTest {
  /** As Linux 6.18 writes it; names that begin alike are other things. */
  private static final String ROLLUP =
      """
      00400000-7ffd0a7fe000 ---p 00000000 00:00 0                              [rollup]
      Rss:               85300 kB
      Pss:               70123 kB
      Pss_Dirty:         41000 kB
      Pss_Anon:          40000 kB
      Shared_Clean:      20000 kB
      Private_Clean:     24000 kB
      Private_Dirty:     41300 kB
      """;

  @Test
  void fieldsAreReadByTheirWholeNames() {
    assertEquals(new Memory(85_300L << 10, 70_123L << 10, 41_300L << 10), Memory.parse(ROLLUP));
  }

  @Test
  void whatIsNotThereIsNotTakenForZero() {
    IllegalArgumentException missing =
        assertThrows(
            IllegalArgumentException.class,
            () -> Memory.parse(ROLLUP.replace("Private_Dirty:", "Private:")));

    assertEquals("smaps_rollup: no Private_Dirty: (expected: proc(5))", missing.getMessage());
  }

  @Test
  void processesAddUp() {
    Memory one = Memory.parse(ROLLUP);

    assertEquals(
        new Memory(
            2 * one.residentBytes(), 2 * one.proportionalBytes(), 2 * one.privateDirtyBytes()),
        Memory.NONE.plus(one).plus(one));
  }

  @Test
  void thisProcessHoldsSomethingOfItsOwn() throws Exception {
    Memory own = Memory.of(ProcessHandle.current().pid());

    assertTrue(own.privateDirtyBytes() > 1 << 20, own::toString);
    assertTrue(own.proportionalBytes() <= own.residentBytes(), own::toString);
    assertTrue(own.privateDirtyBytes() <= own.proportionalBytes(), own::toString);
  }
}
