package io.easyagent.acceptance.demo;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A program that stays: started, killed and started again, its output appended to one file. */
final class Daemon {
  private static final Duration GRACE = Duration.ofSeconds(30);

  private final String name;
  private final List<String> command;
  private final Map<String, String> environment;
  private final Path log;
  private Optional<Process> process = Optional.empty();

  Daemon(String name, List<String> command, Map<String, String> environment, Path log) {
    this.name = name;
    this.command = List.copyOf(command);
    this.environment = Map.copyOf(environment);
    this.log = log;
  }

  String name() {
    return name;
  }

  void start() throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectInput(Path.of("/dev/null").toFile())
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
            .redirectErrorStream(true);
    builder.environment().putAll(environment);
    process = Optional.of(builder.start());
  }

  /**
   * @throws IllegalStateException when it has ended
   */
  long requirePid() {
    return process
        .filter(Process::isAlive)
        .map(Process::pid)
        .orElseThrow(() -> new IllegalStateException("the " + name + " has ended; see " + log));
  }

  /** kill -9, and its end is seen. */
  void kill() throws InterruptedException {
    Process killed = process.orElseThrow();
    killed.destroyForcibly();
    killed.waitFor();
  }

  /** Asks it to end; kills it when it does not. */
  void stop() throws InterruptedException {
    if (process.isEmpty()) {
      return;
    }
    process.get().destroy();
    if (!process.get().waitFor(GRACE.toSeconds(), TimeUnit.SECONDS)) {
      kill();
    }
  }

  /** The end of what it printed. */
  String lastLines(int count) throws IOException {
    if (!Files.exists(log)) {
      return "";
    }
    List<String> lines = Files.readString(log, StandardCharsets.UTF_8).lines().toList();
    return String.join("\n", lines.subList(Math.max(0, lines.size() - count), lines.size()));
  }
}
