package io.easyagent.benchmarks.fleet;

import io.easyagent.benchmarks.measure.Options;
import io.easyagent.benchmarks.measure.UsageException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What the command line asks for.
 *
 * @param sizes of the fleets, from the smallest to the largest
 * @param easyagent folder of the distribution
 * @param simulator class path of the simulator
 * @param work folder for everything that is written but the JSON
 * @param past percent of the retention limits
 * @param idle how long the fleet is watched doing nothing
 * @param fanouts how many runs the median is of
 * @param profile where a flight recording of the server is written to; then its run-time is the JDK
 *     that this runs on
 * @param command as it was typed
 */
record Settings(
    List<Integer> sizes,
    Optional<Path> json,
    Path easyagent,
    String simulator,
    Path work,
    int past,
    Duration idle,
    int fanouts,
    Optional<Path> profile,
    String command) {
  private static final int MOST_HOSTS = 60_000;

  static final String USAGE =
      """
      usage: ./dev bench fleet [--hosts N[,N...]] [--json FILE] [OPTION...]

        --hosts N[,N...]   sizes of the fleet (1000); with several, how each figure grows
        --json FILE        writes the figures, with machine, date and command
        --past PERCENT     how full the store is, of the retention limits (100)
        --idle-seconds N   how long the idle fleet is watched (60)
        --fanouts N        runs of exec on all hosts that the median is of (5)
        --profile FILE     flight recordings of the server, FILE.reconnect after its kill (its run-time is the JDK's, then)
      """;

  Settings {
    sizes = List.copyOf(sizes);
  }

  static Settings parse(List<String> arguments) throws UsageException {
    Options options =
        Options.parse(
            arguments,
            Set.of(
                "--hosts",
                "--json",
                "--easyagent",
                "--simulator-classpath",
                "--work",
                "--past",
                "--idle-seconds",
                "--fanouts",
                "--profile"));
    return new Settings(
        options.sizes("--hosts", "1000", 4, MOST_HOSTS),
        options.find("--json").map(Path::of),
        Path.of(options.text("--easyagent", "dist/out/easyagent")),
        options.text("--simulator-classpath", System.getProperty("java.class.path")),
        Path.of(options.text("--work", "benchmarks/target/fleet")).toAbsolutePath(),
        options.number("--past", 100, 1, 100),
        Duration.ofSeconds(options.number("--idle-seconds", 60, 1, 3_600)),
        options.number("--fanouts", 5, 1, 100),
        options.find("--profile").map(Path::of).map(Path::toAbsolutePath),
        "./dev bench fleet " + String.join(" ", arguments));
  }
}
