package io.easyagent.server;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.rolling.FixedWindowRollingPolicy;
import ch.qos.logback.core.rolling.RollingFileAppender;
import ch.qos.logback.core.rolling.SizeBasedTriggeringPolicy;
import ch.qos.logback.core.util.Duration;
import ch.qos.logback.core.util.FileSize;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.slf4j.LoggerFactory;

/** Makes the log go where the settings say. */
final class ServerLog {
  private static final String STANDARD_ERROR = "stderr";

  private ServerLog() {}

  /**
   * @throws IllegalArgumentException when the file cannot be written
   */
  static void configure(LogSettings settings) {
    if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
      configure(context, settings);
    }
  }

  static void configure(LoggerContext context, LogSettings settings) {
    Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    root.setLevel(Level.toLevel(settings.level()));
    settings.file().ifPresent(file -> toFile(context, root, file, settings));
  }

  private static void toFile(LoggerContext context, Logger root, Path file, LogSettings settings) {
    makePrivate(file);
    RollingFileAppender<ILoggingEvent> appender = new RollingFileAppender<>();
    appender.setContext(context);
    appender.setName("file");
    appender.setFile(file.toString());
    FixedWindowRollingPolicy rotation = new FixedWindowRollingPolicy();
    rotation.setContext(context);
    rotation.setParent(appender);
    rotation.setFileNamePattern(file + ".%i");
    rotation.setMinIndex(1);
    rotation.setMaxIndex(settings.keep());
    rotation.start();
    SizeBasedTriggeringPolicy<ILoggingEvent> trigger = new SizeBasedTriggeringPolicy<>();
    trigger.setContext(context);
    trigger.setMaxFileSize(new FileSize(settings.mostBytes()));
    trigger.setCheckIncrement(Duration.buildByMilliseconds(100));
    trigger.start();
    appender.setRollingPolicy(rotation);
    appender.setTriggeringPolicy(trigger);
    appender.setEncoder(encoder(context, root));
    appender.start();
    if (!appender.isStarted()) {
      throw new IllegalArgumentException(
          "logFile: "
              + file
              + ": cannot be written (expected: a file in a folder of the server's)");
    }
    root.addAppender(appender);
    root.detachAppender(STANDARD_ERROR);
  }

  /** The same lines as on standard error. */
  private static PatternLayoutEncoder encoder(LoggerContext context, Logger root) {
    PatternLayoutEncoder encoder = new PatternLayoutEncoder();
    encoder.setContext(context);
    if (root.getAppender(STANDARD_ERROR) instanceof ConsoleAppender<ILoggingEvent> console
        && console.getEncoder() instanceof PatternLayoutEncoder lines) {
      encoder.setPattern(lines.getPattern());
    } else {
      throw new IllegalStateException("the log has no appender " + STANDARD_ERROR);
    }
    encoder.start();
    return encoder;
  }

  /** The first file is made here; later ones get what the start script's umask leaves. */
  private static void makePrivate(Path file) {
    try {
      Files.createFile(
          file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    } catch (FileAlreadyExistsException continued) {
      return;
    } catch (IOException failure) {
      throw new IllegalArgumentException(
          "logFile: " + file + ": cannot be made: " + failure, failure);
    }
  }
}
