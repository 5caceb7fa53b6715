package io.easyagent.sidecar;

import java.io.PrintStream;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

/** Writes each log record as one line: time, level, where, what, and why in a few words. */
final class LineHandler extends Handler {
  /** Held, because a logger that nobody holds is collected, and its level with it. */
  private static final Logger GRPC = Logger.getLogger("io.grpc");

  private final PrintStream out;
  private final SimpleFormatter formatter = new SimpleFormatter();

  LineHandler(PrintStream out) {
    this.out = out;
  }

  /** From now on everything is logged to this stream alone. */
  static LineHandler install(PrintStream out, Level level) {
    LogManager.getLogManager().reset();
    Logger root = Logger.getLogger("");
    LineHandler handler = new LineHandler(out);
    root.addHandler(handler);
    root.setLevel(level);
    GRPC.setLevel(Level.WARNING);
    return handler;
  }

  @Override
  public void publish(LogRecord record) {
    if (isLoggable(record)) {
      out.println(line(record));
    }
  }

  String line(LogRecord record) {
    String name = String.valueOf(record.getLoggerName());
    StringBuilder line = new StringBuilder();
    line.append(record.getInstant())
        .append(' ')
        .append(record.getLevel().getName())
        .append(' ')
        .append(name.substring(name.lastIndexOf('.') + 1))
        .append(": ")
        .append(formatter.formatMessage(record));
    for (Throwable cause = record.getThrown(); cause != null; cause = cause.getCause()) {
      line.append(" | ").append(cause);
    }
    return line.toString().replaceAll("\\p{Cntrl}+", " ");
  }

  @Override
  public void flush() {
    out.flush();
  }

  @Override
  public void close() {
    out.flush();
  }
}
