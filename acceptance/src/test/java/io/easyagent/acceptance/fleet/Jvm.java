package io.easyagent.acceptance.fleet;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A JVM as a process of its own, of the class path that runs this test unless it says otherwise.
 */
public final class Jvm {
  private final Process process;
  private final Path log;

  private Jvm(Process process, Path log) {
    this.process = process;
    this.log = log;
  }

  public static Jvm start(
      Class<?> main, Path log, Map<String, String> properties, String... arguments)
      throws IOException {
    return start(main, log, properties, Map.of(), List.of(arguments));
  }

  /**
   * @param environment in addition to this process's own
   */
  public static Jvm start(
      Class<?> main,
      Path log,
      Map<String, String> properties,
      Map<String, String> environment,
      List<String> arguments)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Xshare:auto",
            "-Xmx192m",
            "--enable-native-access=ALL-UNNAMED"));
    properties.forEach((name, value) -> command.add("-D" + name + "=" + value));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    command.addAll(arguments);
    return start(command, log, environment);
  }

  /** One that brings its own class path and flags: the start script of a distribution. */
  public static Jvm startScript(Path script, Path log, String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of(script.toString()));
    command.addAll(List.of(arguments));
    return start(command, log, Map.of());
  }

  private static Jvm start(List<String> command, Path log, Map<String, String> environment)
      throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    builder.environment().putAll(environment);
    return new Jvm(builder.start(), log);
  }

  public boolean alive() {
    return process.isAlive();
  }

  public long pid() {
    return process.pid();
  }

  public void kill() throws InterruptedException {
    process.destroyForcibly();
    process.waitFor();
  }

  /** Asks with SIGTERM, and waits. */
  public void stop() throws InterruptedException {
    process.destroy();
    if (!process.waitFor(20, TimeUnit.SECONDS)) {
      kill();
      throw new AssertionError("did not end within 20 s of SIGTERM; its log: " + tail());
    }
  }

  public int awaitExit() throws InterruptedException {
    if (!process.waitFor(30, TimeUnit.SECONDS)) {
      kill();
      throw new AssertionError("did not end within 30 s; its log: " + tail());
    }
    return process.exitValue();
  }

  /** The last lines of what it printed. */
  public String tail() {
    try {
      List<String> lines = Files.readAllLines(log);
      return String.join("\n", lines.subList(Math.max(0, lines.size() - 40), lines.size()));
    } catch (IOException unreadable) {
      return log + ": " + unreadable.getMessage();
    }
  }
}
