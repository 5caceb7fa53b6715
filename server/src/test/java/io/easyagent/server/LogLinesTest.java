package io.easyagent.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.PatternLayout;
import ch.qos.logback.classic.spi.LoggingEvent;
import java.nio.file.Path;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;

/** What strangers send is in the log as text and nothing else. */
class LogLinesTest {
  private static final String FORGED = "time=2026-01-01T00:00:00.000Z level=INFO msg=\"forged\"";

  private static String line(String message, Throwable fault) throws Exception {
    String pattern =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(Path.of("src/main/resources/logback.xml").toFile())
            .getElementsByTagName("pattern")
            .item(0)
            .getTextContent();
    LoggerContext context = new LoggerContext();
    PatternLayout layout = new PatternLayout();
    layout.setContext(context);
    layout.setPattern(pattern);
    layout.start();
    return layout.doLayout(
        new LoggingEvent(
            "io.easyagent", context.getLogger("test"), Level.ERROR, message, fault, null));
  }

  @Test
  void aMessageIsOneLine() throws Exception {
    for (String end : new String[] {"\n", "\r\n", "\r", "\u0085", "\u2028", "\u000b"}) {
      String written = line("GET /a" + end + FORGED + " \u001b[2J\u0007 \u009b31m", null);

      assertEquals(1, written.lines().count(), written);
      assertFalse(written.strip().chars().anyMatch(Character::isISOControl), written);
      assertFalse(written.contains("\" level"), "a quote does not end the message");
    }
  }

  @Test
  void aFaultsTextBeginsNoLine() throws Exception {
    String written =
        line("failed", new IllegalStateException("a\n" + FORGED + "\r" + FORGED + "\u001b[2J"));

    assertEquals(1, written.lines().filter(each -> each.startsWith("time=")).count(), written);
    assertFalse(written.contains("\u001b"), written);
    assertFalse(written.contains("\r"), written);
  }
}
