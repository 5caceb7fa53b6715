package io.easyagent.acceptance.simulated;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.easyagent.simulator.SimulatorMain;
import io.easyagent.testkit.Eventually;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** The simulator as a process of its own, asked over its standard input and output. */
final class Simulator implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Process process;
  private final Writer commands;
  private final List<JsonNode> answers = new ArrayList<>();

  private Simulator(Process process) {
    this.process = process;
    this.commands = process.outputWriter(StandardCharsets.UTF_8);
    Thread.ofPlatform().daemon().name("simulator").start(this::listen);
  }

  static Simulator start(Path log, String... options) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Xmx192m",
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            SimulatorMain.class.getName()));
    command.addAll(List.of(options));
    return new Simulator(
        new ProcessBuilder(command)
            .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
            .start());
  }

  private void listen() {
    try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        JsonNode answer = JSON.readTree(line);
        synchronized (answers) {
          answers.add(answer);
        }
      }
    } catch (IOException over) {
      throw new UncheckedIOException(over);
    }
  }

  /** Waits for what the simulator tells by itself. */
  JsonNode await(String event) {
    return await(0, answer -> answer.path("event").asText().equals(event), event);
  }

  /** Says a command and waits for its answer. */
  JsonNode ask(String command) throws IOException {
    int known;
    synchronized (answers) {
      known = answers.size();
    }
    commands.write(command + "\n");
    commands.flush();
    return await(known, Simulator::isAnswer, command);
  }

  private static boolean isAnswer(JsonNode said) {
    return List.of("done", "status", "runs", "error").contains(said.path("event").asText());
  }

  private JsonNode await(int from, Predicate<JsonNode> wanted, String what) {
    return Eventually.awaitValue(
        PATIENCE,
        "the simulator says: " + what,
        () -> {
          synchronized (answers) {
            return answers.stream().skip(from).filter(wanted).findFirst();
          }
        });
  }

  /** Waits until the figures are as wanted. */
  JsonNode awaitStatus(String what, Predicate<JsonNode> wanted) {
    return Eventually.awaitValue(
        PATIENCE,
        what,
        () -> {
          JsonNode status = ask("status");
          return wanted.test(status) ? Optional.of(status) : Optional.empty();
        });
  }

  @Override
  public void close() throws IOException, InterruptedException {
    commands.close();
    if (!process.waitFor(20, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      process.waitFor();
      throw new AssertionError("the simulator did not end within 20 s of the end of its input");
    }
  }
}
