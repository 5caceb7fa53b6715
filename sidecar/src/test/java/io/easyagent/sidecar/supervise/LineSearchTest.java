package io.easyagent.sidecar.supervise;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.easyagent.sidecar.log.KeptLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LineSearchTest {
  @TempDir private Path folder;
  private Path log;

  @BeforeEach
  void make() throws IOException {
    log = Files.createFile(folder.resolve("agent.log"));
  }

  private void write(String text) throws IOException {
    Files.writeString(log, text, StandardOpenOption.APPEND);
  }

  private static boolean finds(LineSearch search) {
    return search.look().equals(ProbeAnswer.WELL);
  }

  @Test
  void whatComesInPiecesIsFound() throws IOException {
    LineSearch search = new LineSearch(KeptLog.of(folder, "agent"), 0, "server started");
    assertEquals(
        new ProbeAnswer.NotWell("no line of its output has \"server started\""), search.look());
    write("12:00 serv");
    assertInstanceOf(ProbeAnswer.NotWell.class, search.look());
    write("er star");
    assertInstanceOf(ProbeAnswer.NotWell.class, search.look());
    write("ted in 5 s\nmore");
    assertTrue(finds(search));
  }

  @Test
  void aTextDoesNotGoOnOnTheNextLine() throws IOException {
    LineSearch search = new LineSearch(KeptLog.of(folder, "agent"), 0, "server started");
    write("server\nstarted server\n started");
    assertInstanceOf(ProbeAnswer.NotWell.class, search.look());
  }

  @Test
  void theOutputOfAnEarlierRunDoesNotCount() throws IOException {
    write("ready\n");
    LineSearch search = new LineSearch(KeptLog.of(folder, "agent"), Files.size(log), "ready");
    assertInstanceOf(ProbeAnswer.NotWell.class, search.look());
    write("ready\n");
    assertTrue(finds(search));
  }

  @Test
  void anOutputThatWasTruncatedIsReadFromItsStart() throws IOException {
    write("some words that are longer than what comes\n");
    LineSearch search = new LineSearch(KeptLog.of(folder, "agent"), 0, "ready");
    assertInstanceOf(ProbeAnswer.NotWell.class, search.look());
    Files.writeString(log, "ready\n");
    assertTrue(finds(search));
  }

  @Test
  void aLinkIsNotFollowed() throws IOException {
    Files.createSymbolicLink(folder.resolve("link.log"), log);
    write("ready\n");
    assertInstanceOf(
        ProbeAnswer.NotWell.class, new LineSearch(KeptLog.of(folder, "link"), 0, "ready").look());
  }

  /** Few letters, so that the text's beginnings come again and again. */
  @Test
  void findsExactlyWhatASimpleSearchFinds() throws IOException {
    Random random = new Random(7);
    List<Boolean> found = new ArrayList<>();
    for (int round = 0; round < 500; round++) {
      String text = letters(random, 1 + random.nextInt(6));
      String output = letters(random, random.nextInt(60));
      Files.writeString(log, "");
      LineSearch search = new LineSearch(KeptLog.of(folder, "agent"), 0, text);
      boolean seen = false;
      for (int from = 0; from < output.length() && !seen; from += 7) {
        write(output.substring(from, Math.min(output.length(), from + 7)));
        seen = finds(search);
      }
      assertEquals(output.contains(text), seen, text + " in " + output);
      found.add(seen);
    }
    assertTrue(found.contains(true) && found.contains(false));
  }

  private static String letters(Random random, int length) {
    return random
        .ints(length, 'a', 'c')
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }
}
