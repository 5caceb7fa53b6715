package io.easyagent.sidecar.upgrade;

import io.easyagent.sidecar.linux.Proc;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A folder as install.sh makes it, with the real guard, and a machine whose clock and boots the
 * test makes.
 */
public final class TestInstallation {
  public static final UUID OPERATION = new UUID(7, 1);
  static final String BOOT = "11111111-2222-3333-4444-555555555555";
  static final String NEXT_BOOT = "99999999-2222-3333-4444-555555555555";

  private static final Path GUARD =
      Path.of("..", "dist", "easyagent-sidecar", "lib", "easyagent-sidecar-guard");

  private final Path top;
  private final Path proc;

  public TestInstallation(Path folder) throws IOException {
    top = Files.createDirectories(folder.toRealPath().resolve("easyagent-sidecar"));
    proc = folder.resolve("proc");
    Files.createDirectories(proc.resolve("sys/kernel/random"));
    clock(BOOT, 1_000);
    Path guard = Files.createDirectories(top.resolve("guard")).resolve("easyagent-sidecar-guard");
    Files.copy(GUARD, guard, StandardCopyOption.COPY_ATTRIBUTES);
    version("2.0.0");
    current("2.0.0");
  }

  public Path top() {
    return top;
  }

  /** As a process of that version sees it. */
  public Installation of(String version) {
    return new Installation(top, version);
  }

  public TrialFolder trials() {
    return new TrialFolder(top.resolve("trial"));
  }

  /** Puts a version there whose program can be run. */
  public void version(String version) throws IOException {
    Path program = top.resolve("versions").resolve(version).resolve("bin/easyagent-sidecar");
    Files.createDirectories(program.getParent());
    Files.writeString(program, "#!/bin/sh\necho easyagent-sidecar " + version + "\n");
    if (!program.toFile().setExecutable(true)) {
      throw new IOException(program + " cannot be made executable");
    }
  }

  public void current(String version) throws IOException {
    Files.deleteIfExists(top.resolve("current"));
    Files.createSymbolicLink(top.resolve("current"), Path.of("versions", version));
  }

  public String current() throws IOException {
    return Files.readSymbolicLink(top.resolve("current")).getFileName().toString();
  }

  Proc proc() {
    return new Proc(proc);
  }

  void clock(String boot, long uptime) throws IOException {
    Files.writeString(proc.resolve("sys/kernel/random/boot_id"), boot + "\n");
    Files.writeString(proc.resolve("uptime"), uptime + ".25 1.00\n");
  }

  /** A trial of 2.0.1 for 120 seconds that began at second 1,000, and its switch. */
  void tryNewVersion() throws IOException {
    version("2.0.1");
    trials().begin(trial());
    current("2.0.1");
  }

  static Trial trial() {
    return new Trial(
        OPERATION,
        new Trial.What.Version("2.0.0", "2.0.1"),
        Duration.ofSeconds(120),
        BOOT,
        Duration.ofSeconds(1_000));
  }

  /** What it said. It never fails: the sidecar would not be started. */
  public String guard() throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder(top.resolve("guard/easyagent-sidecar-guard").toString())
            .redirectErrorStream(true);
    builder.environment().put("EASYAGENT_GUARD_PROC", proc.toString());
    Process process = builder.start();
    String said = new String(process.getInputStream().readAllBytes());
    if (!process.waitFor(30, TimeUnit.SECONDS) || process.exitValue() != 0) {
      throw new AssertionError("the guard ended with " + process.exitValue() + ": " + said);
    }
    return said;
  }

  /** Everything below the top, with what it holds: two equal ones are the same disk. */
  List<String> disk() throws IOException {
    try (Stream<Path> paths = Files.walk(top)) {
      return paths
          .sorted(Comparator.naturalOrder())
          .map(path -> top.relativize(path) + " " + content(path))
          .toList();
    }
  }

  private static String content(Path path) {
    try {
      return Files.isSymbolicLink(path)
          ? "-> " + Files.readSymbolicLink(path)
          : Files.isDirectory(path) ? "" : Files.readString(path);
    } catch (IOException failure) {
      throw new java.io.UncheckedIOException(failure);
    }
  }

  Optional<String> trialFile(String name) throws IOException {
    Path file = top.resolve("trial").resolve(name);
    return Files.exists(file) ? Optional.of(Files.readString(file)) : Optional.empty();
  }
}
