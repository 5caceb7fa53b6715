package io.easyagent.sidecar;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.Test;

class LineHandlerTest {

  @Test
  void aRecordIsOneLine() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    LineHandler handler = new LineHandler(new PrintStream(bytes, true, StandardCharsets.UTF_8));
    LogRecord record = new LogRecord(Level.WARNING, "first\nsecond {0}");
    record.setParameters(new Object[] {"third"});
    record.setLoggerName("io.easyagent.sidecar.session.Link");
    record.setInstant(Instant.parse("2026-01-02T03:04:05Z"));
    record.setThrown(new IllegalStateException("a\u001b[1m", new IOException("b")));

    handler.publish(record);

    assertEquals(
        "2026-01-02T03:04:05Z WARNING Link: first second third"
            + " | java.lang.IllegalStateException: a [1m | java.io.IOException: b\n",
        bytes.toString(StandardCharsets.UTF_8));
  }
}
