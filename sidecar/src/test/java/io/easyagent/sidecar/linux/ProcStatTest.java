package io.easyagent.sidecar.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class ProcStatTest {
  private static final String REST =
      " 100 4711 4711 0 -1 4227148 117 0 0 0 0 0 0 0 20 0 1 0 987654 0 0 18446744073709551615"
          + " 0 0 0 0 0 0 0 0 0 0 0 0 17 1 0 0 0 0 0 0 0 0 0 0 0 0 36608\n";

  @Test
  void readsTheFieldsThatMatter() {
    assertEquals(
        Optional.of(new ProcStat(4711, "sh", 'Z', 100, 4711, 4711, 987654, 36608)),
        ProcStat.parse("4711 (sh) Z" + REST));
  }

  @Test
  void aNameMayHoldSpacesAndParentheses() {
    ProcStat stat = ProcStat.parse("4711 (a) R 1 (b c) S" + REST).orElseThrow();
    assertEquals("a) R 1 (b c", stat.command());
    assertEquals('S', stat.state());
    assertEquals(100, stat.parent());
    assertFalse(stat.hasEnded());
  }

  @Test
  void aNameMayHoldALineEnd() {
    assertEquals("a\nb", ProcStat.parse("4711 (a\nb) Z" + REST).orElseThrow().command());
  }

  @Test
  void zombiesHaveEnded() {
    assertTrue(ProcStat.parse("4711 (sh) Z" + REST).orElseThrow().hasEnded());
    assertTrue(ProcStat.parse("4711 (sh) X" + REST).orElseThrow().hasEnded());
  }

  @Test
  void whatIsNotWholeIsNoStat() {
    assertEquals(Optional.empty(), ProcStat.parse(""));
    assertEquals(Optional.empty(), ProcStat.parse("4711 (sh"));
    assertEquals(Optional.empty(), ProcStat.parse("4711 (sh)"));
    assertEquals(Optional.empty(), ProcStat.parse("4711 (sh) Z 100 4711"));
    assertEquals(Optional.empty(), ProcStat.parse("x (sh) Z" + REST));
  }
}
