package io.easyagent.cli.agent;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.easyagent.api.LogPart;
import io.easyagent.cli.agent.LogLines.Item;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LogLinesTest {
  private final LogLines lines = new LogLines();

  private List<Item> add(long offset, String text) {
    return lines.add(new LogPart(offset, offset + text.getBytes(UTF_8).length, text));
  }

  private static Item line(String text) {
    return new Item.Text(text);
  }

  @Test
  void onlyWholeLinesAreShown() {
    assertEquals(List.of(line("one"), line("")), add(100, "one\n\ntw"));
    assertEquals(List.of(), add(107, ""));
    assertEquals(List.of(line("two")), add(107, "o\r\n"));
    assertEquals(Optional.empty(), lines.finish());
  }

  @Test
  void theLastLineNeedsNoEnd() {
    add(0, "one");

    assertEquals(Optional.of(line("one")), lines.finish());
    assertEquals(Optional.empty(), lines.finish());
  }

  @Test
  void whatWasNotKeptIsCounted() {
    add(0, "one\ntw");

    assertEquals(List.of(line("tw"), new Item.Missing(94), line("three")), add(100, "three\n"));
  }

  @Test
  void whatWasTruncatedBeginsAnew() {
    add(100, "one\n");

    assertEquals(List.of(new Item.Truncated(), line("new")), add(0, "new\n"));
  }

  /** Its end is further than the text is long. */
  @Test
  void whatWasTakenOutIsNotMissing() {
    lines.add(new LogPart(0, 20, "key ******\n"));

    assertEquals(List.of(line("end")), add(20, "end\n"));
  }

  @Test
  void aLineWithoutEndIsShownInPieces() {
    String much = "x".repeat(LogLines.LONGEST);

    assertEquals(List.of(line(much)), add(0, much));
    assertEquals(List.of(line("y")), add(much.length(), "y\n"));
  }
}
