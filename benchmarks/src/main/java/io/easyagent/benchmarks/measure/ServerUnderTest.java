package io.easyagent.benchmarks.measure;

import io.easyagent.api.client.EasyAgentClient;
import io.easyagent.api.client.ServerConnection;
import io.easyagent.api.client.ServerTrust;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A server, started by the start script of a distribution, with its flags: started, killed and
 * started again on the same folder and ports. For one thread.
 */
public final class ServerUnderTest implements AutoCloseable {
  private static final String ADDRESS = "127.0.0.1";
  private static final Duration PATIENCE = Duration.ofSeconds(120);
  private static final Duration LOOK = Duration.ofMillis(2);
  private static final Duration GRACE = Duration.ofSeconds(60);

  private final Path easyagent;
  private final Path data;
  private final Path log;
  private final String javaOptions;
  private final int operatorPort;
  private final int hostPort;
  private Optional<Process> process = Optional.empty();
  private long peakBytes;

  /**
   * @param easyagent folder of the distribution
   * @param javaOptions appended to the distribution's own
   */
  public ServerUnderTest(Path easyagent, Path data, Path log, String javaOptions)
      throws IOException {
    this.easyagent = easyagent;
    this.data = data;
    this.log = log;
    this.javaOptions = javaOptions;
    try (ServerSocket one = freePort();
        ServerSocket other = freePort()) {
      this.operatorPort = one.getLocalPort();
      this.hostPort = other.getLocalPort();
    }
  }

  private static ServerSocket freePort() throws IOException {
    return new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
  }

  public Path data() {
    return data;
  }

  public String hostAddress() {
    return ADDRESS + ":" + hostPort;
  }

  /** Returns once it lives; it may not answer yet. */
  public void launch() throws IOException {
    List<String> command =
        List.of(
            easyagent.resolve("bin/easyagent").toString(),
            "server",
            "--data",
            data.toString(),
            "--bind",
            ADDRESS,
            "--name",
            ADDRESS,
            "--operator-port",
            Integer.toString(operatorPort),
            "--host-port",
            Integer.toString(hostPort));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectInput(Path.of("/dev/null").toFile())
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
            .redirectErrorStream(true);
    builder.environment().put("EASYAGENT_JAVA_OPTS", javaOptions);
    process = Optional.of(builder.start());
  }

  /** The first life of its folder: it makes its authority and the administrator's token. */
  public void launchFirst() throws Exception {
    launch();
    Path token = data.resolve("admin.token");
    Waiting.until(
        "the server's first token; see " + log,
        PATIENCE,
        Duration.ofMillis(50),
        () -> {
          requirePid();
          return Files.isRegularFile(token) && Files.size(token) > 0;
        });
    try (Https https = https()) {
      awaitAnswer(https);
    }
  }

  /**
   * Returns with its first answer. Not for its first life.
   *
   * @return milliseconds since the call
   */
  public double start() throws Exception {
    try (Https https = https()) {
      long started = SystemTime.nanos();
      launch();
      awaitAnswer(https);
      return SystemTime.secondsSince(started) * 1_000;
    }
  }

  private void awaitAnswer(Https https) throws Exception {
    Waiting.until("an answer of the server; see " + log, PATIENCE, LOOK, () -> answers(https));
  }

  private boolean answers(Https https) throws Exception {
    requirePid();
    try {
      return https.find("/healthz", "").isPresent();
    } catch (ConnectException notYet) {
      return false;
    }
  }

  /**
   * @throws BenchException when it has ended
   */
  public long requirePid() throws BenchException {
    return process
        .filter(Process::isAlive)
        .map(Process::pid)
        .orElseThrow(() -> new BenchException("the server has ended; see " + log));
  }

  public ProcessUsage usage() throws IOException, BenchException {
    ProcessUsage usage = ProcessUsage.of(requirePid());
    peakBytes = Math.max(peakBytes, usage.peakBytes());
    return usage;
  }

  /** The most that any of its lives took, as of the last look at its usage. */
  public long peakBytes() {
    return peakBytes;
  }

  public Https https() throws IOException, GeneralSecurityException {
    return Https.to("https://" + ADDRESS + ":" + operatorPort, data.resolve("ca/ca.crt"));
  }

  public EasyAgentClient client() throws IOException {
    return new EasyAgentClient(
        new ServerConnection(
            URI.create("https://" + ADDRESS + ":" + operatorPort),
            ServerTrust.Authority.parse(Files.readString(data.resolve("ca/ca.crt"))),
            Optional.of(token())));
  }

  public String token() throws IOException {
    return Files.readString(data.resolve("admin.token")).strip();
  }

  public Meters meters(Https https) throws Exception {
    return new Meters(
        https
            .find("/metrics", token())
            .orElseThrow(() -> new BenchException("/metrics: refused (expected: 200)")));
  }

  /** kill -9, and its end is seen. */
  public void kill() throws InterruptedException {
    if (process.isPresent()) {
      process.get().destroyForcibly();
      process.get().waitFor();
    }
  }

  /** Asks it to end; kills it when it does not. */
  public void stop() throws InterruptedException {
    if (process.isPresent()) {
      process.get().destroy();
      if (!process.get().waitFor(GRACE.toSeconds(), TimeUnit.SECONDS)) {
        kill();
      }
    }
  }

  /** Without waiting: for the end of this program. */
  public void abandon() {
    process.ifPresent(Process::destroyForcibly);
  }

  @Override
  public void close() throws InterruptedException {
    stop();
  }
}
