package io.easyagent.benchmarks.fleet;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.easyagent.benchmarks.measure.BenchException;
import io.easyagent.benchmarks.measure.ProcessUsage;
import io.easyagent.benchmarks.measure.SystemTime;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** The simulator, in a process of its own. For one thread. */
final class SimulatedFleet implements AutoCloseable {
  private static final JsonMapper MAPPER = new JsonMapper();
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Process process;
  private final BufferedWriter commands;
  private final BlockingQueue<JsonNode> answers = new LinkedBlockingQueue<>();
  private final Path log;

  private SimulatedFleet(Process process, Path log) {
    this.process = process;
    this.commands = process.outputWriter(StandardCharsets.UTF_8);
    this.log = log;
    Thread.ofVirtual().name("simulator").start(this::read);
  }

  /**
   * @param classpath of the simulator
   * @param arguments of its command line
   */
  static SimulatedFleet start(String classpath, List<String> arguments, Path log)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "-XX:+UseSerialGC",
            "-XX:+UseCompactObjectHeaders",
            "-XX:MaxRAMPercentage=50",
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            classpath,
            "io.easyagent.simulator.SimulatorMain"));
    command.addAll(arguments);
    return new SimulatedFleet(
        new ProcessBuilder(command)
            .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
            .start(),
        log);
  }

  private void read() {
    try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        JsonNode answer = MAPPER.readTree(line);
        if (!answer.path("event").asText().equals("progress")) {
          answers.add(answer);
        }
      }
    } catch (IOException ended) {
      answers.add(MAPPER.createObjectNode().put("event", "error").put("message", ended.toString()));
    }
  }

  /** Until every host has a session; none may have failed. */
  JsonNode awaitReady(Duration patience) throws BenchException, InterruptedException {
    JsonNode ready = next("ready", patience);
    if (ready.path("failed").asInt() > 0) {
      throw new BenchException(
          ready.path("failed").asInt() + " simulated hosts failed; see " + log);
    }
    return ready;
  }

  /** The simulator's figures of this moment. */
  JsonNode status() throws BenchException, IOException, InterruptedException {
    return ask("status", "status");
  }

  /** Has something done; see the simulator's help. */
  void command(String command) throws BenchException, IOException, InterruptedException {
    ask(command, "done");
  }

  private JsonNode ask(String command, String event)
      throws BenchException, IOException, InterruptedException {
    commands.write(command);
    commands.newLine();
    commands.flush();
    return next(event, PATIENCE);
  }

  private JsonNode next(String event, Duration patience)
      throws BenchException, InterruptedException {
    long started = SystemTime.nanos();
    while (process.isAlive() && SystemTime.secondsSince(started) < patience.toSeconds()) {
      JsonNode answer = answers.poll(1, TimeUnit.SECONDS);
      if (answer == null) {
        continue;
      }
      String said = answer.path("event").asText();
      if (said.equals(event)) {
        return answer;
      }
      if (said.equals("error")) {
        throw new BenchException("simulator: " + answer.path("message").asText());
      }
    }
    throw new BenchException(
        process.isAlive()
            ? "the simulator said nothing of " + event + " for " + patience.toSeconds() + " s"
            : "the simulator has ended; see " + log);
  }

  ProcessUsage usage() throws IOException {
    return ProcessUsage.of(process.pid());
  }

  /** Without waiting: for the end of this program. */
  void abandon() {
    process.destroyForcibly();
  }

  @Override
  public void close() throws InterruptedException {
    process.destroyForcibly();
    process.waitFor();
  }
}
