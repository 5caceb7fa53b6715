package io.easyagent.sidecar.logstream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.easyagent.sidecar.log.KeptLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LogBeginTest {
  private static final Instant NOW = Instant.parse("2026-11-22T14:00:00Z");

  @TempDir Path folder;

  private String last(String text, int lines) throws IOException {
    byte[] bytes = text.getBytes(UTF_8);
    Files.write(folder.resolve("a.log"), bytes);
    KeptLog log = KeptLog.of(folder, "a");
    return text.substring((int) new LogBegin.Tail(lines).offset(log, bytes.length));
  }

  @ParameterizedTest
  @CsvSource({
    "one;two;three;, 0, ''",
    "one;two;three;, 1, three;",
    "one;two;three;, 2, two;three;",
    "one;two;three;, 3, one;two;three;",
    "one;two;three;, 9, one;two;three;",
    "one;two;thr,    1, thr",
    "one;two;thr,    2, two;thr",
    ";;;,            2, ;;",
    ";,              1, ;",
    "x,              1, x",
    "'',             5, ''"
  })
  void theLastLinesAreFound(String text, int lines, String expected) throws IOException {
    assertEquals(expected.replace(';', '\n'), last(text.replace(';', '\n'), lines));
  }

  @Test
  void linesAreFoundOverTheBordersOfBlocks() throws IOException {
    for (int around = -2; around <= 2; around++) {
      String line = "x".repeat(LogFlow.LARGEST + around) + "\n";
      assertEquals(line + "end\n", last("begin\n" + line + "end\n", 2));
      assertEquals(line.repeat(3), last("begin\n" + line.repeat(3), 3));
    }
  }

  @Test
  void nothingWasPrintedYet() throws IOException {
    KeptLog log = KeptLog.of(folder, "none");

    assertEquals(0, new LogBegin.Tail(10).offset(log, log.end()));
  }

  @Test
  void linesAreNotLookedForWithoutEnd() throws IOException {
    int most = (int) LogBegin.MOST_BYTES;
    String text = "one\n" + "x".repeat(most + 10);

    assertEquals(most, last(text, 2).length());
  }

  @Test
  void aLogWithoutAnyTimesIsShownWhole() throws IOException {
    Files.writeString(folder.resolve("a.log"), "one\ntwo\n");
    KeptLog log = KeptLog.of(folder, "a");

    assertEquals(0, new LogBegin.Since(NOW, OptionalInt.empty()).offset(log, 8));
    assertEquals(4, new LogBegin.Since(NOW, OptionalInt.of(1)).offset(log, 8));
    assertEquals(8, new LogBegin.Since(NOW, OptionalInt.of(0)).offset(log, 8));
    assertEquals(
        0, new LogBegin.Since(NOW, OptionalInt.empty()).offset(KeptLog.of(folder, "none"), 0));
  }

  /** A rotated file tells of its last line; the place after it may be within one. */
  @ParameterizedTest
  @CsvSource({"-2, begin", "-1, begin", "0, line", "1, line"})
  void aLongLineIsShownFromItsBeginUnlessThatIsFarAway(int around, String from) throws IOException {
    String line = "x".repeat(LogFlow.LARGEST + around);
    Path rotated = Files.writeString(folder.resolve("a.log.00000000000000000000"), "old\n" + line);
    Files.setLastModifiedTime(rotated, FileTime.from(NOW.minusSeconds(60)));
    Files.writeString(folder.resolve("a.log"), "y\nnew\n");
    KeptLog log = KeptLog.of(folder, "a");

    long place = new LogBegin.Since(NOW, OptionalInt.empty()).offset(log, log.end());

    assertEquals(from.equals("begin") ? 4 : 4 + line.length(), place);
  }

  @Test
  void aPlaceIsTakenAsItIs() throws IOException {
    assertEquals(7, new LogBegin.From(7).offset(KeptLog.of(folder, "none"), 0));
  }
}
