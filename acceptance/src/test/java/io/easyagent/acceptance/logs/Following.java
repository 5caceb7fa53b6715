package io.easyagent.acceptance.logs;

import io.easyagent.acceptance.fleet.Fleet;
import io.easyagent.api.client.EasyAgentClient;
import io.easyagent.cli.Program;
import io.easyagent.cli.config.Configuration;
import io.easyagent.cli.config.ConfigurationFile;
import io.easyagent.cli.console.Console;
import io.easyagent.cli.console.Terminal;
import io.easyagent.cli.session.Session;
import io.easyagent.testkit.Eventually;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** {@code easyagent agent logs --follow} in a pipe that is read until it is closed. */
final class Following implements AutoCloseable {
  private final ByteArrayOutputStream shown = new ByteArrayOutputStream();
  private final ByteArrayOutputStream noted = new ByteArrayOutputStream();
  private final Thread program;
  private volatile boolean closed;

  Following(Fleet fleet, Path folder, String... words) throws IOException {
    Path file = Files.createTempFile(folder, "operator-", ".yaml");
    new ConfigurationFile(file)
        .write(
            new Configuration(
                fleet.operatorUrl(), Files.readString(fleet.authority()), fleet.adminToken()));
    Session session =
        new Session(
            new Console(
                new PrintStream(new Pipe(), false, StandardCharsets.UTF_8),
                new PrintStream(noted, true, StandardCharsets.UTF_8),
                new BufferedReader(new StringReader("")),
                Terminal.none()),
            Clock.systemUTC(),
            System::nanoTime,
            Map.of(),
            folder.resolve("home"),
            action -> () -> {},
            EasyAgentClient::new);
    List<String> arguments = new ArrayList<>(List.of("--config", file.toString()));
    arguments.addAll(List.of(words));
    program =
        Thread.ofPlatform()
            .name("follow")
            .start(() -> new Program(session).run(arguments.toArray(String[]::new)));
  }

  /** Breaks when nobody reads any more. */
  private final class Pipe extends OutputStream {
    @Override
    public void write(int one) throws IOException {
      write(new byte[] {(byte) one}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      if (closed) {
        throw new IOException("broken pipe");
      }
      shown.write(bytes, offset, length);
    }

    @Override
    public void flush() throws IOException {
      if (closed) {
        throw new IOException("broken pipe");
      }
    }
  }

  List<String> lines() {
    return shown.toString(StandardCharsets.UTF_8).lines().toList();
  }

  String notes() {
    return noted.toString(StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    closed = true;
    Eventually.await(Fleet.PATIENCE, "the program ends", () -> !program.isAlive());
  }
}
