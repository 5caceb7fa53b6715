package io.easyagent.benchmarks.sidecar;

import io.easyagent.benchmarks.measure.BenchException;
import io.easyagent.benchmarks.measure.SystemTime;
import io.easyagent.benchmarks.measure.Waiting;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * A sidecar, started by the start script of a distribution, with its flags, on a data folder of its
 * own and without the machine's configuration. For one thread.
 */
final class SidecarUnderTest {
  private static final Pattern CONNECTED = Pattern.compile("session \\d+ with \\S+ is up");
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration LOOK = Duration.ofMillis(2);

  private final Path program;
  private final Path data;
  private final Path configuration;
  private final Path log;
  private Optional<Process> process = Optional.empty();

  /**
   * @param distribution its folder
   * @param run where its files are
   */
  SidecarUnderTest(Path distribution, RunFolder run) throws IOException {
    program = distribution.resolve("bin/easyagent-sidecar");
    data = run.sidecarData();
    configuration = Files.writeString(run.path().resolve("sidecar.yaml"), "log: {level: info}\n");
    log = run.path().resolve("sidecar.log");
  }

  /** Becomes a host of that server; does not start. */
  void enroll(String server, String fingerprint, Path tokenFile)
      throws IOException, InterruptedException, BenchException {
    String unused =
        Programs.output(
            List.of(
                program.toString(),
                "enroll",
                "--data",
                data.toString(),
                "--server",
                server,
                "--fingerprint",
                fingerprint,
                "--token-file",
                tokenFile.toString()));
  }

  /**
   * Returns once its log says that it has a session with the server.
   *
   * @return milliseconds since the start script was executed
   */
  double start() throws Exception {
    long before = Files.exists(log) ? Files.size(log) : 0;
    ProcessBuilder builder =
        new ProcessBuilder(
                program.toString(),
                "run",
                "--config",
                configuration.toString(),
                "--data",
                data.toString())
            .redirectInput(Path.of("/dev/null").toFile())
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
            .redirectErrorStream(true);
    builder.environment().remove("EASYAGENT_JAVA_OPTS");
    long started = SystemTime.nanos();
    process = Optional.of(builder.start());
    Waiting.until(
        "the sidecar's session; see " + log,
        PATIENCE,
        LOOK,
        () -> {
          long unused = requirePid();
          return CONNECTED.matcher(saidSince(before)).find();
        });
    return SystemTime.secondsSince(started) * 1_000;
  }

  private String saidSince(long position) throws IOException {
    byte[] said = Files.readAllBytes(log);
    return new String(said, (int) position, said.length - (int) position, StandardCharsets.UTF_8);
  }

  /**
   * @throws BenchException when it has ended
   */
  long requirePid() throws BenchException {
    return process
        .filter(Process::isAlive)
        .map(Process::pid)
        .orElseThrow(() -> new BenchException("the sidecar has ended; see " + log));
  }

  /** As its service does; agents are left running. */
  void stop() throws InterruptedException, BenchException {
    Process running = process.orElseThrow();
    running.destroy();
    if (!running.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
      throw new BenchException(
          "the sidecar does not end within " + PATIENCE.toSeconds() + " s; see " + log);
    }
  }
}
