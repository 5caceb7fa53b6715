package io.easyagent.sidecar.secret;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RedactionTest {
  private static final String KEY =
      "-----BEGIN KEY-----\nMIIBVgIBADANBgkqhkiG9w0\nAAAB\n-----END KEY-----";
  private static final Redaction REDACTION =
      Redaction.of(
          List.of(
              new SecretValue("hunter22"),
              new SecretValue("say \"hi\"\tthere"),
              new SecretValue(KEY),
              new SecretValue("tiny")));

  private static String cut(String text, boolean before, boolean after) {
    return new String(REDACTION.redact(text.getBytes(UTF_8), before, after), UTF_8);
  }

  @Test
  void everyOccurrenceBecomesTheSameMark() {
    assertEquals("a ****** b ******!", REDACTION.redact("a hunter22 b hunter22!"));
    assertEquals("******", REDACTION.redact("hunter22"));
    assertEquals("", REDACTION.redact(""));
    assertEquals("hunter2", REDACTION.redact("hunter2"));
  }

  @Test
  void aValueIsFoundInTheFormsThatProgramsGiveIt() {
    String base64 = Base64.getEncoder().encodeToString("hunter22".getBytes(UTF_8));
    assertEquals("x ******=", REDACTION.redact("x " + base64));
    assertEquals("bad: \"******\"", REDACTION.redact("bad: \"say \\\"hi\\\"\\tthere\""));
    assertEquals("line 2: ******", REDACTION.redact("line 2: MIIBVgIBADANBgkqhkiG9w0"));
    assertEquals("[******]", REDACTION.redact("[" + KEY + "]"));
    assertEquals("[******]", REDACTION.redact("[" + KEY.replace("\n", "\\n") + "]"));
  }

  @Test
  void whatIsTooShortIsNotLookedFor() {
    assertEquals("tiny AAAB", REDACTION.redact("tiny AAAB"));
    assertSame(Redaction.NONE, Redaction.of(List.of(new SecretValue("12345"))));
  }

  @Test
  void aCutThroughAValueShowsNoPartOfIt() {
    assertEquals("end ******", cut("end hunter2", false, true));
    assertEquals("end ****", cut("end hunt", false, true));
    assertEquals("end hun", cut("end hun", false, true));
    assertEquals("****** begin", cut("unter22 begin", true, false));
    assertEquals("****** begin", cut("******* begin".replaceFirst("\\*+", "nter22"), true, false));
    assertEquals("unter22 begin", cut("unter22 begin", false, true));
    assertEquals("****", cut("er22", true, true));
  }

  @ParameterizedTest
  @ValueSource(strings = {"hunter22", "hunter22hunter22", "xhunter22", "hunter2hunter22", "e"})
  void nothingGrows(String text) {
    byte[] bytes = text.repeat(100).getBytes(UTF_8);
    byte[] redacted = REDACTION.redact(bytes, true, true);
    assertTrue(redacted.length <= bytes.length, redacted.length + " > " + bytes.length);
    assertFalse(new String(redacted, UTF_8).contains("hunter22"));
  }

  @Test
  void bothHideWhatEitherHides() {
    Redaction both = REDACTION.and(Redaction.of(List.of(new SecretValue("swordfish"))));
    assertEquals("****** ******", both.redact("swordfish hunter22"));
    assertSame(REDACTION, REDACTION.and(Redaction.NONE));
  }

  @Test
  void noTextFormShowsAValue() {
    HeldSecret held = new HeldSecret("es-ingest", 3, new SecretValue("hunter22"));
    assertFalse(held.toString().contains("hunter22"), held::toString);
  }

  private static int safeCut(String text, int wanted) {
    byte[] bytes = text.getBytes(UTF_8);
    return REDACTION.safeCut(bytes, bytes.length, wanted);
  }

  @Test
  void noCutGoesThroughAValue() {
    assertEquals(2, safeCut("a hunter22 b", 5));
    assertEquals(10, safeCut("a hunter22 b", 10));
    assertEquals(1, safeCut("a hunter22 b", 1));
    assertEquals(12, safeCut("a hunter22 b", 12));
    assertEquals(0, safeCut("hunter22", 3));
  }

  @Test
  void noCutGoesThroughWhatMayBecomeAValue() {
    assertEquals(2, safeCut("a hunt", 6));
    assertEquals(5, safeCut("a hux", 5));
    assertEquals(2, safeCut("a hunt", 2));
  }

  @Test
  void aCutThatIsMovedDoesNotGoThroughAnother() {
    Redaction overlapping =
        Redaction.of(List.of(new SecretValue("abcdef"), new SecretValue("efghij")));
    byte[] bytes = "x abcdefghij y".getBytes(UTF_8);

    assertEquals(2, overlapping.safeCut(bytes, bytes.length, 10));
    assertEquals(12, overlapping.safeCut(bytes, bytes.length, 12));
  }
}
