package io.easyagent.benchmarks.fleet;

import io.easyagent.benchmarks.measure.BenchException;
import io.easyagent.benchmarks.measure.Folders;
import io.easyagent.benchmarks.measure.Machine;
import io.easyagent.benchmarks.measure.Program;
import io.easyagent.benchmarks.measure.SystemTime;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

/** The program. Exit status 0 measured, goals met or not; 1 failed; 2 wrong usage. */
public final class FleetBench {
  /** Of the server: its store, its log, the operators' port, a simulator's odds and ends. */
  private static final int OTHER_DESCRIPTORS = 1_000;

  private final Settings settings;
  private final PrintStream out;
  private final PrintStream err;

  FleetBench(Settings settings, PrintStream out, PrintStream err) {
    this.settings = settings;
    this.out = out;
    this.err = err;
  }

  public static void main(String[] arguments) {
    System.exit(
        Program.run(
            List.of(arguments),
            Settings.USAGE,
            words -> new FleetBench(Settings.parse(words), System.out, System.err).run()));
  }

  /** Measures every size; prints each one's table as soon as there is one. */
  Report run() throws Exception {
    requireDescriptors();
    Files.createDirectories(settings.work());
    Path easyagent = distribution();
    progress("filling a store with the past (once for each distribution; minutes)");
    FilledStore store =
        FilledStore.in(settings.work(), settings.easyagent(), Past.LIMITS.percent(settings.past()));
    Machine machine = Machine.here();
    Instant date = SystemTime.now().truncatedTo(ChronoUnit.SECONDS);
    List<Figures> runs = new ArrayList<>();
    for (int hosts : settings.sizes()) {
      Figures figures = measure(easyagent, store, hosts);
      runs.add(figures);
      Tables.ofRun(figures).forEach(out::println);
      out.println();
    }
    if (runs.size() > 1) {
      Tables.ofGrowth(runs).forEach(out::println);
    }
    Report report = new Report(machine, date, settings.command(), version(), settings.past(), runs);
    if (settings.json().isPresent()) {
      Files.writeString(settings.json().get(), report.json());
    }
    return report;
  }

  private void requireDescriptors() throws IOException, BenchException {
    long most = Machine.mostDescriptors() - OTHER_DESCRIPTORS;
    int largest = settings.sizes().getLast();
    if (largest > most) {
      throw new BenchException(
          "--hosts: %d (expected: at most %d, with the open files that this machine allows)"
              .formatted(largest, most));
    }
  }

  private Figures measure(Path easyagent, FilledStore store, int hosts) throws Exception {
    Path folder = settings.work().resolve("run");
    Folders.remove(folder);
    Files.createDirectories(folder);
    AtomicReference<Runnable> ending = new AtomicReference<>(() -> {});
    Thread hook = new Thread(() -> ending.get().run());
    Runtime.getRuntime().addShutdownHook(hook);
    try (FleetRun run =
        new FleetRun(
            settings, easyagent, hosts, folder, text -> progress(hosts + " hosts: " + text))) {
      ending.set(run::abandon);
      return measure(run, store);
    } finally {
      Runtime.getRuntime().removeShutdownHook(hook);
    }
  }

  private Figures measure(FleetRun run, FilledStore store) throws Exception {
    double load = Machine.load();
    try {
      return run.measure(store);
    } catch (Exception failure) {
      err.println("bench: what was measured until it failed:");
      Tables.ofRun(run.soFar(load)).forEach(err::println);
      throw failure;
    }
  }

  /**
   * The distribution; for a profile, the same one over the run-time image of this JDK, for the
   * distribution's own has no flight recorder.
   */
  private Path distribution() throws IOException {
    Path home = settings.easyagent().toRealPath();
    if (settings.profile().isEmpty()) {
      return home;
    }
    Path profiled = settings.work().resolve("profiled");
    Folders.remove(profiled);
    Files.createDirectories(profiled.resolve("bin"));
    Files.copy(home.resolve("bin/easyagent"), profiled.resolve("bin/easyagent"));
    Files.createSymbolicLink(profiled.resolve("lib"), home.resolve("lib"));
    Files.createSymbolicLink(profiled.resolve("sidecar"), home.resolve("sidecar"));
    Files.createSymbolicLink(profiled.resolve("runtime"), Path.of(System.getProperty("java.home")));
    return profiled;
  }

  private String version() throws IOException {
    return Files.readString(settings.easyagent().resolve("VERSION")).strip();
  }

  private void progress(String text) {
    err.println("bench: " + text);
  }
}
