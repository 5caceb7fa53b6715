package io.easyagent.benchmarks.fleet;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

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

  /** The command line is wrong; says what, and what was expected. */
  static final class UsageException extends Exception {
    private static final long serialVersionUID = 1L;

    UsageException(String message) {
      super(message);
    }
  }

  Settings {
    sizes = List.copyOf(sizes);
  }

  static Settings parse(List<String> arguments) throws UsageException {
    Map<String, String> given = new HashMap<>();
    for (int at = 0; at < arguments.size(); at += 2) {
      String option = arguments.get(at);
      if (!List.of(
              "--hosts",
              "--json",
              "--easyagent",
              "--simulator-classpath",
              "--work",
              "--past",
              "--idle-seconds",
              "--fanouts",
              "--profile")
          .contains(option)) {
        throw new UsageException("unknown option " + option);
      }
      if (at + 1 == arguments.size()) {
        throw new UsageException(option + ": no value");
      }
      if (given.put(option, arguments.get(at + 1)) != null) {
        throw new UsageException(option + ": given twice");
      }
    }
    return new Settings(
        sizes(given.getOrDefault("--hosts", "1000")),
        Optional.ofNullable(given.get("--json")).map(Path::of),
        Path.of(given.getOrDefault("--easyagent", "dist/out/easyagent")),
        given.getOrDefault("--simulator-classpath", System.getProperty("java.class.path")),
        Path.of(given.getOrDefault("--work", "benchmarks/target/fleet")).toAbsolutePath(),
        number("--past", given.getOrDefault("--past", "100"), 1, 100),
        Duration.ofSeconds(
            number("--idle-seconds", given.getOrDefault("--idle-seconds", "60"), 1, 3_600)),
        number("--fanouts", given.getOrDefault("--fanouts", "5"), 1, 100),
        Optional.ofNullable(given.get("--profile")).map(Path::of).map(Path::toAbsolutePath),
        "./dev bench fleet " + String.join(" ", arguments));
  }

  private static List<Integer> sizes(String text) throws UsageException {
    List<Integer> sizes = new ArrayList<>();
    for (String size : text.split(",", -1)) {
      sizes.add(number("--hosts", size, 4, MOST_HOSTS));
    }
    if (sizes.stream().distinct().count() < sizes.size()) {
      throw new UsageException("--hosts: " + text + " (expected: each size once)");
    }
    return sizes.stream().sorted().toList();
  }

  private static int number(String name, String given, int least, int most) throws UsageException {
    try {
      int value = Integer.parseInt(given);
      if (value >= least && value <= most) {
        return value;
      }
    } catch (NumberFormatException notNumber) {
      throw outOfRange(name, given, least, most);
    }
    throw outOfRange(name, given, least, most);
  }

  private static UsageException outOfRange(String name, String given, int least, int most) {
    return new UsageException(name + ": " + given + " (expected: " + least + " to " + most + ")");
  }
}
