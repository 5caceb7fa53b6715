package io.easyagent.acceptance.demo;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Runs a program to its end. */
final class Program {
  private static final Duration LONGEST = Duration.ofMinutes(3);

  private final Map<String, String> environment;
  private final Path folder;

  /**
   * @param environment added to the inherited one
   * @param folder for what the programs print
   */
  Program(Map<String, String> environment, Path folder) {
    this.environment = Map.copyOf(environment);
    this.folder = folder;
  }

  record Result(int exitStatus, String output, String errors) {}

  /** The end of the program, whatever it is. */
  Result run(List<String> command) throws IOException, InterruptedException {
    Path output = Files.createTempFile(folder, "out", ".txt");
    Path errors = Files.createTempFile(folder, "err", ".txt");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectInput(Path.of("/dev/null").toFile())
            .redirectOutput(output.toFile())
            .redirectError(errors.toFile());
    builder.environment().putAll(environment);
    Process process = builder.start();
    if (!process.waitFor(LONGEST.toSeconds(), TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new IOException("not ended after " + LONGEST.toSeconds() + " s: " + described(command));
    }
    Result result =
        new Result(
            process.exitValue(),
            Files.readString(output, StandardCharsets.UTF_8),
            Files.readString(errors, StandardCharsets.UTF_8));
    Files.delete(output);
    Files.delete(errors);
    return result;
  }

  /**
   * The standard output of a program that must end with 0.
   *
   * @throws IOException with what it printed, when it does not
   */
  String output(List<String> command) throws IOException, InterruptedException {
    Result result = run(command);
    if (result.exitStatus() != 0) {
      throw new IOException(
          "exit "
              + result.exitStatus()
              + " of: "
              + described(command)
              + "\n"
              + (result.output() + result.errors()).strip());
    }
    return result.output();
  }

  private static String described(List<String> command) {
    String text = String.join(" ", command);
    return text.substring(text.lastIndexOf('/', Math.max(0, text.indexOf(' '))) + 1);
  }
}
