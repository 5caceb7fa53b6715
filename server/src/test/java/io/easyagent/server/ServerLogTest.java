package io.easyagent.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import io.easyagent.testkit.Eventually;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The log in a file, with the configuration that the server has. */
class ServerLogTest {
  private static final int LEAST = 64 * 1024;

  private final LoggerContext context = new LoggerContext();
  private final Logger logger = context.getLogger("io.easyagent.Test");
  @TempDir private Path folder;

  @BeforeEach
  void asTheServerHasIt() throws Exception {
    URL configuration = ServerMain.class.getResource("/logback.xml");
    context.setMDCAdapter(new LogbackMDCAdapter());
    JoranConfigurator configurator = new JoranConfigurator();
    configurator.setContext(context);
    configurator.doConfigure(configuration);
  }

  @AfterEach
  void stop() {
    context.stop();
  }

  private List<Path> files() throws Exception {
    try (Stream<Path> files = Files.list(folder)) {
      return files.sorted().toList();
    }
  }

  @Test
  void filesAreBoundedInSizeAndNumberAndTheLatestLinesAreThere() throws Exception {
    Path file = folder.resolve("server.log");
    ServerLog.configure(context, new LogSettings(Optional.of(file), "INFO", LEAST, 2));
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));

    String line = "x".repeat(1000);
    Eventually.await(
        Duration.ofSeconds(30),
        "two full files",
        () -> {
          // The size is looked at ten times a second at most.
          for (int i = 0; i < 100; i++) {
            logger.info(line);
          }
          return files().size() == 3;
        });
    for (int i = 0; i < 500; i++) {
      logger.info(line);
    }
    logger.info("the last one");
    logger.debug("not at this level");

    assertEquals(
        List.of(file, folder.resolve("server.log.1"), folder.resolve("server.log.2")), files());
    String text = Files.readString(file);
    assertTrue(text.endsWith(" msg=\"the last one\"\n"), text.substring(text.length() - 200));
    assertFalse(text.contains("not at this level"));
  }

  @Test
  void aFileThatCannotBeMadeIsRefused() {
    Path file = folder.resolve("missing/server.log");
    assertTrue(
        assertThrows(
                IllegalArgumentException.class,
                () ->
                    ServerLog.configure(
                        context, new LogSettings(Optional.of(file), "INFO", LEAST, 2)))
            .getMessage()
            .startsWith("logFile: " + file + ": cannot be made: "));
  }
}
