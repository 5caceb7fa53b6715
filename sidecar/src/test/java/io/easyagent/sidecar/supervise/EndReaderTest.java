package io.easyagent.sidecar.supervise;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.easyagent.sidecar.process.ProcessEnd;
import java.util.List;
import org.junit.jupiter.api.Test;

class EndReaderTest {
  @Test
  void waitStatusesAreDecodedAsTheCLibraryDoes() {
    assertEquals(new ProcessEnd.Exited(0), EndReader.decode(0));
    assertEquals(new ProcessEnd.Exited(143), EndReader.decode(36608));
    assertEquals(new ProcessEnd.Signalled(15), EndReader.decode(15));
    assertEquals(new ProcessEnd.Signalled(11), EndReader.decode(139));
  }

  @Test
  void theKernelsNameOfAProgramIsItsFirstFifteenCharacters() {
    assertEquals("filebeat", LaunchChain.programName(List.of("/opt/filebeat", "-e")));
    assertEquals("a-very-long-pro", LaunchChain.programName(List.of("/opt/a-very-long-program")));
  }

  @Test
  void lastWordsAreBoundedAndWithoutControlCharacters() {
    assertEquals("b | c | d", LastWords.of("a\nb\n\n c \nd\n"));
    assertEquals("red", LastWords.of("\u001B[31mred\u001B[0m\r\n"));
    assertEquals("a b", LastWords.of("a\u0007b"));
    assertEquals(301, LastWords.of("x".repeat(5000)).length());
  }
}
