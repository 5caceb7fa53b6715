package io.easyagent.acceptance.secrets;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/**
 * Looks at the arguments and environments of every process of this machine, those of its real hosts
 * among them, again and again until it is closed.
 */
final class ProcessWatch implements AutoCloseable {
  private static final Path PROC = Path.of("/proc");
  private static final Duration PAUSE = Duration.ofMillis(2);

  private final Findings findings;
  private final int agentUser;
  private final Thread thread;
  private volatile boolean closing;
  private volatile int rounds;

  /**
   * @param agentUser whose processes may have values in their environment, never in arguments
   */
  ProcessWatch(Findings findings, int agentUser) {
    this.findings = findings;
    this.agentUser = agentUser;
    thread = Thread.ofPlatform().name("process-watch").start(this::watch);
  }

  private void watch() {
    while (!closing) {
      try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, "[0-9]*")) {
        processes.forEach(this::look);
      } catch (IOException failure) {
        throw new AssertionError(failure);
      }
      rounds++;
      LockSupport.parkNanos(PAUSE.toNanos());
    }
  }

  private void look(Path process) {
    String name = read(process.resolve("comm")).orElse("?").strip();
    read(process.resolve("cmdline"))
        .ifPresent(arguments -> findings.text("the arguments of " + name, arguments));
    if (user(process).filter(user -> user != agentUser).isEmpty()) {
      return;
    }
    Optional<String> environment = read(process.resolve("environ"));
    // It may have become the agent's user meanwhile: who was asked is known only of who is left.
    if (environment.isPresent() && user(process).filter(user -> user != agentUser).isPresent()) {
      findings.text("the environment of " + name, environment.get());
    }
  }

  /** It may have ended meanwhile. */
  private static Optional<String> read(Path file) {
    try {
      return Optional.of(Files.readString(file, StandardCharsets.ISO_8859_1));
    } catch (IOException gone) {
      return Optional.empty();
    }
  }

  private static Optional<Integer> user(Path process) {
    return read(process.resolve("status"))
        .flatMap(status -> status.lines().filter(line -> line.startsWith("Uid:")).findFirst())
        .map(line -> Integer.valueOf(line.split("\t")[1]));
  }

  int rounds() {
    return rounds;
  }

  @Override
  public void close() throws InterruptedException {
    closing = true;
    thread.join();
  }
}
