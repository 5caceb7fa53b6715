package io.easyagent.benchmarks.sidecar;

import io.easyagent.benchmarks.measure.BenchException;
import io.easyagent.benchmarks.measure.Folders;
import io.easyagent.benchmarks.measure.Machine;
import io.easyagent.benchmarks.measure.Program;
import io.easyagent.benchmarks.measure.SystemTime;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The program; see {@link Program#run} for its exit status. */
public final class SidecarBench {
  /** More than a disk takes in a second; both logs are there at once. */
  private static final long BYTES_PER_SECOND = 4L << 30;

  private final Settings settings;
  private final PrintStream out;
  private final PrintStream err;

  SidecarBench(Settings settings, PrintStream out, PrintStream err) {
    this.settings = settings;
    this.out = out;
    this.err = err;
  }

  public static void main(String[] arguments) {
    System.exit(
        Program.run(
            List.of(arguments),
            Settings.USAGE,
            words -> new SidecarBench(Settings.parse(words), System.out, System.err).run()));
  }

  /** Measures with every number of agents; prints each one's table as soon as there is one. */
  Report run() throws Exception {
    Parts.require(settings);
    Files.createDirectories(settings.work());
    requireRoom();
    try (FileChannel channel =
        FileChannel.open(
            settings.work().resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      // Held until the channel is closed. What runs on the folder belongs to one call.
      if (channel.tryLock() == null) {
        throw new BenchException(
            settings.work() + ": in use (expected: no other ./dev bench sidecar)");
      }
      return measureAll();
    }
  }

  private Report measureAll() throws Exception {
    Machine machine = Machine.here();
    Map<String, String> versions = Parts.versions(settings);
    Instant date = SystemTime.now().truncatedTo(ChronoUnit.SECONDS);
    List<Figures> runs = new ArrayList<>();
    for (int agents : settings.sizes()) {
      Figures figures = measure(agents);
      runs.add(figures);
      Tables.ofRun(figures).forEach(out::println);
      out.println();
    }
    Report report = new Report(machine, date, settings.command(), versions, settings.user(), runs);
    if (settings.json().isPresent()) {
      Files.writeString(settings.json().get(), report.json());
    }
    return report;
  }

  private void requireRoom() throws IOException, BenchException {
    long free = Files.getFileStore(settings.work()).getUsableSpace();
    long needed = settings.writing().toSeconds() * BYTES_PER_SECOND;
    if (free < needed) {
      throw new BenchException(
          "%s: %,d bytes free (expected: %,d, for the logs of %d s)"
              .formatted(settings.work(), free, needed, settings.writing().toSeconds()));
    }
  }

  /** What it has started is ended when it fails, too, and when this program is. */
  private Figures measure(int agents) throws Exception {
    RunFolder folder = new RunFolder(settings.work().resolve("run"), settings.sidecar());
    folder.renew();
    Thread hook = new Thread(() -> clear(folder));
    Runtime.getRuntime().addShutdownHook(hook);
    try {
      SidecarRun run =
          new SidecarRun(
              settings,
              agents,
              folder,
              text -> err.println("bench: " + agents + " agents: " + text));
      Figures figures = measure(run);
      folder.clear();
      Folders.remove(folder.path());
      return figures;
    } finally {
      clear(folder);
      Runtime.getRuntime().removeShutdownHook(hook);
    }
  }

  private Figures measure(SidecarRun run) throws Exception {
    double load = Machine.load();
    try {
      return run.measure();
    } catch (Exception failure) {
      err.println("bench: what was measured until it failed:");
      Tables.ofRun(run.soFar(load)).forEach(err::println);
      throw failure;
    }
  }

  /** The last resort; the logs stay, for they may say what failed. */
  private void clear(RunFolder folder) {
    try {
      folder.clear();
    } catch (Exception failure) {
      err.println("bench: " + folder.path() + ": " + failure.getMessage());
    }
  }
}
