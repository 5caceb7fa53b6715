package io.easyagent.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.easyagent.api.client.EasyAgentClient;
import io.easyagent.cli.config.Configuration;
import io.easyagent.cli.config.ConfigurationFile;
import io.easyagent.cli.console.Console;
import io.easyagent.cli.console.Terminal;
import io.easyagent.cli.session.Interrupts;
import io.easyagent.cli.session.Session;
import io.easyagent.testkit.FakeClock;
import io.easyagent.testkit.https.ScriptedServer;
import io.easyagent.testkit.https.TestAuthority;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;

/** The whole command line in the test's own process, against a scripted server. */
final class CommandLineRun implements AutoCloseable {
  static final TestAuthority AUTHORITY = new TestAuthority();

  final ScriptedServer server =
      ScriptedServer.start(AUTHORITY.serverWithUri("urn:easyagent:server:fleet"));
  final FakeClock clock = new FakeClock(Instant.parse("2026-01-01T10:14:00Z"));
  final AtomicReference<Runnable> onInterrupt = new AtomicReference<>();
  final Path home;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private Terminal terminal = Terminal.none();
  private String input = "";

  CommandLineRun(Path home) {
    this.home = home;
  }

  /** Writes the configuration that a login would have written. */
  CommandLineRun loggedIn() {
    try {
      configurationFile().write(new Configuration(server.address(), AUTHORITY.pem(), "ea_secret"));
      return this;
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  ConfigurationFile configurationFile() {
    return new ConfigurationFile(home.resolve(".config/easyagent/config.yaml"));
  }

  CommandLineRun terminal(int width, boolean colours) {
    terminal = new Terminal(true, true, true, width, colours);
    return this;
  }

  CommandLineRun input(String text) {
    input = text;
    return this;
  }

  int run(String... arguments) {
    out.reset();
    err.reset();
    Console console =
        new Console(
            new PrintStream(out, false, StandardCharsets.UTF_8),
            new PrintStream(err, false, StandardCharsets.UTF_8),
            new BufferedReader(new StringReader(input)),
            terminal);
    Interrupts interrupts =
        action -> {
          onInterrupt.set(action);
          return () -> onInterrupt.set(null);
        };
    return new Program(
            new Session(
                console,
                clock,
                clock::nanoTime,
                Map.of(),
                home,
                interrupts,
                connection -> new EasyAgentClient(connection, pause -> {})))
        .run(arguments);
  }

  String out() {
    return out.toString(StandardCharsets.UTF_8);
  }

  String err() {
    return err.toString(StandardCharsets.UTF_8);
  }

  /** Runs and compares everything that can be seen. */
  void expect(int status, String expectedOut, String expectedErr, String... arguments) {
    int actual = run(arguments);
    assertEquals(expectedOut, out(), () -> "standard output; standard error was: " + err());
    assertEquals(expectedErr, err(), "standard error");
    assertEquals(status, actual, "exit status");
  }

  @Override
  public void close() {
    server.close();
  }
}
