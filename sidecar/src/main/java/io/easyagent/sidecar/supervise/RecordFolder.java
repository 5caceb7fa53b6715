package io.easyagent.sidecar.supervise;

import io.easyagent.sidecar.linux.ProcessIdentity;
import io.easyagent.sidecar.process.Phase;
import io.easyagent.sidecar.process.ProcessEnd;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The folder of one agent's or task's launch. The launch itself is written before it is released;
 * all but a task's launch matters only within one boot and is not synced.
 */
final class RecordFolder {
  private static final String LAUNCH = "launch";
  private static final String CHILD = "child";
  private static final String END = "end";
  private static final String KILLED = "killed";
  private static final String LIMITS = "limits";
  private static final String HELD = "held";
  private static final String MEMORY = "memory";
  private static final String TOLD = "told";

  private final Path folder;

  RecordFolder(Path folder) {
    this.folder = folder;
  }

  Path path() {
    return folder;
  }

  /** Why a task's tree was killed by us. */
  enum KillReason {
    TIMEOUT,
    CANCEL,
    OUTPUT
  }

  /**
   * Makes the record of a new launch the only one.
   *
   * @param durable whether it is on disk on return; what a kill -9 of this process leaves it as is
   *     the same either way
   */
  void begin(LaunchRecord launch, boolean durable) throws IOException {
    create();
    Phase phase = launch.purpose().phase();
    Files.deleteIfExists(folder.resolve(named(CHILD, phase)));
    Files.deleteIfExists(folder.resolve(named(END, phase)));
    Files.deleteIfExists(folder.resolve(KILLED));
    Files.deleteIfExists(folder.resolve(TOLD));
    if (phase != Phase.POST_STOP) {
      // Last before the launch: a sidecar that dies here starts what it was about to start.
      Files.deleteIfExists(folder.resolve(HELD));
    }
    replace(LAUNCH, launch.encode(), durable);
  }

  void create() throws IOException {
    Files.createDirectories(
        folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
  }

  void writeChild(Phase phase, ProcessIdentity child) throws IOException {
    replace(named(CHILD, phase), child.pid() + "\t" + child.startTicks() + "\n", false);
  }

  void writeEnd(Phase phase, ProcessEnd end) throws IOException {
    replace(named(END, phase), EndCodec.encode(end), false);
  }

  void writeMemory(Phase phase, OutOfMemory.Baseline baseline) throws IOException {
    replace(
        named(MEMORY, phase),
        baseline.counters().kills()
            + "\t"
            + baseline.counters().limitHits()
            + "\t"
            + baseline.others()
            + "\n",
        false);
  }

  /** Empty also for a launch of a sidecar that wrote none. */
  Optional<OutOfMemory.Baseline> findMemory(Phase phase) throws IOException {
    return read(named(MEMORY, phase))
        .map(text -> text.strip().split("\t"))
        .filter(fields -> fields.length == 3)
        .map(fields ->
            new OutOfMemory.Baseline(
                new CgroupMemory.Counters(Long.parseLong(fields[0]), Long.parseLong(fields[1])),
                Long.parseLong(fields[2])));
  }

  /** That the end of the launch on record need not be told again. */
  void writeTold() throws IOException {
    replace(TOLD, "", false);
  }

  boolean isTold() {
    return Files.exists(folder.resolve(TOLD));
  }

  void writeKilled(KillReason reason) throws IOException {
    replace(KILLED, reason.name(), false);
  }

  /** On disk on return: it counts also after a boot. */
  void writeHeld(String cause) throws IOException {
    replace(HELD, cause.replaceAll("\\p{Cntrl}", " ") + "\n", true);
  }

  /** Why an agent is not to be started until a start is wanted. */
  Optional<String> findHeld() throws IOException {
    return read(HELD).map(String::strip);
  }

  /**
   * How long a task may run and how much of its output is kept, for a later life of the sidecar.
   *
   * @param output bytes
   */
  record TaskLimits(Duration timeout, int output) {}

  void writeLimits(Duration timeout, int output) throws IOException {
    replace(LIMITS, timeout.toMillis() + "\t" + output + "\n", false);
  }

  Optional<TaskLimits> findLimits() throws IOException {
    return read(LIMITS)
        .map(text -> text.strip().split("\t"))
        .filter(fields -> fields.length == 2)
        .map(fields ->
            new TaskLimits(
                Duration.ofMillis(Long.parseLong(fields[0])), Integer.parseInt(fields[1])));
  }

  /** An unreadable launch is one that never was: it is written before anything is released. */
  Optional<LaunchRecord> findLaunch() throws IOException {
    return read(LAUNCH).flatMap(LaunchRecord::decode);
  }

  Optional<ProcessIdentity> findChild(Phase phase) throws IOException {
    return read(named(CHILD, phase))
        .map(text -> text.strip().split("\t"))
        .filter(fields -> fields.length == 2)
        .map(fields -> new ProcessIdentity(Integer.parseInt(fields[0]), Long.parseLong(fields[1])));
  }

  Optional<ProcessEnd> findEnd(Phase phase) throws IOException {
    return read(named(END, phase)).flatMap(EndCodec::decode);
  }

  Optional<KillReason> findKilled() throws IOException {
    return read(KILLED).map(KillReason::valueOf);
  }

  /** Removes the folder and all that is in it; ours alone, so nothing in it is a link. */
  void remove() throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    // The launch goes last: half a removal must not look like a launch without an end.
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.filter(file -> !file.endsWith(LAUNCH)).toList()) {
        if (!file.getFileName().toString().startsWith(END)) {
          Files.deleteIfExists(file);
        }
      }
    }
    Files.deleteIfExists(folder.resolve(LAUNCH));
    for (Phase phase : Phase.values()) {
      Files.deleteIfExists(folder.resolve(named(END, phase)));
    }
    Files.deleteIfExists(folder);
  }

  /**
   * What one phase leaves stays until the next launch of that phase: whichever launch is on record,
   * its traces are.
   */
  private static String named(String name, Phase phase) {
    return phase == Phase.MAIN ? name : name + "-" + phase.word();
  }

  private Optional<String> read(String name) throws IOException {
    try {
      return Optional.of(Files.readString(folder.resolve(name), StandardCharsets.UTF_8));
    } catch (NoSuchFileException missing) {
      return Optional.empty();
    }
  }

  private void replace(String name, String text, boolean durable) throws IOException {
    DurableFile.replace(folder.resolve(name), text, durable);
    if (durable) {
      DurableFile.sync(folder);
      Path parent = folder.getParent();
      if (parent != null) {
        DurableFile.sync(parent);
      }
    }
  }
}
