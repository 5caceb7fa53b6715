package io.easyagent.server.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class HostTextTest {
  @Test
  void controlsAndDirectionMarksBecomeBlanks() {
    assertEquals("a [31mb c d", HostText.line("a\u001b[31mb\nc\u202ed\u0000"));
    assertEquals("日本 ok", HostText.line("日本 ok"));
  }

  @Test
  void isBoundedAndNeverCutsACharacterInTwo() {
    String faces = "\ud83d\ude00".repeat(1000);
    String cut = HostText.line(faces);
    assertTrue(cut.length() <= HostText.LINE);
    assertTrue(cut.endsWith("…"));
    assertTrue(cut.codePoints().noneMatch(point -> point >= 0xd800 && point <= 0xdfff));
    String odd = HostText.line("x" + faces);
    assertTrue(odd.codePoints().noneMatch(point -> point >= 0xd800 && point <= 0xdfff));
    assertTrue(odd.length() <= HostText.LINE);
  }
}
