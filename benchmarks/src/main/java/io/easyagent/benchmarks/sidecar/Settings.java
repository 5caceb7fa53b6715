package io.easyagent.benchmarks.sidecar;

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
 * @param sizes numbers of agents, from the smallest to the largest
 * @param easyagent folder of the server's distribution
 * @param sidecar folder of the sidecar's distribution
 * @param work folder for everything that is written but the JSON
 * @param settle how long after its last start the sidecar is left alone before it is watched
 * @param idle how long both are watched doing nothing
 * @param kills of agents, of which median and maximum are
 * @param starts of the sidecar, of which the median is
 * @param writing how long an agent writes
 * @param user who the agents run as
 * @param command as it was typed
 */
record Settings(
    List<Integer> sizes,
    Optional<Path> json,
    Path easyagent,
    Path sidecar,
    Path work,
    Duration settle,
    Duration idle,
    int kills,
    int starts,
    Duration writing,
    String user,
    String command) {
  private static final int MOST_AGENTS = 500;
  private static final int HOUR = 3_600;

  static final String USAGE =
      """
      usage: ./dev bench sidecar [--agents N[,N...]] [--json FILE] [OPTION...]

        --agents N[,N...]    how many agents there are (1,10,100), one after the other
        --json FILE          writes the figures, with machine, date and command
        --user NAME          who the agents run as (who runs this; for another one it must be root)
        --kills N            of agents, for the median and the maximum (50)
        --starts N           of the sidecar, for the median (5)
        --settle-seconds N   before both are watched doing nothing (30)
        --idle-seconds N     how long they are watched (60)
        --write-seconds N    how long an agent writes into its log, gigabytes (5)
      """;

  Settings {
    sizes = List.copyOf(sizes);
  }

  static Settings parse(List<String> arguments) throws UsageException {
    Options options =
        Options.parse(
            arguments,
            Set.of(
                "--agents",
                "--json",
                "--easyagent",
                "--sidecar",
                "--work",
                "--settle-seconds",
                "--idle-seconds",
                "--kills",
                "--starts",
                "--write-seconds",
                "--user"));
    return new Settings(
        options.sizes("--agents", "1,10,100", 1, MOST_AGENTS),
        options.find("--json").map(Path::of),
        Path.of(options.text("--easyagent", "dist/out/easyagent")),
        Path.of(options.text("--sidecar", "dist/out/easyagent-sidecar")),
        Path.of(options.text("--work", "benchmarks/target/sidecar")).toAbsolutePath().normalize(),
        seconds(options, "--settle-seconds", 30),
        seconds(options, "--idle-seconds", 60),
        options.number("--kills", 50, 1, 1_000),
        options.number("--starts", 5, 1, 100),
        Duration.ofSeconds(options.number("--write-seconds", 5, 1, 60)),
        options.text("--user", System.getProperty("user.name")),
        "./dev bench sidecar " + String.join(" ", arguments));
  }

  private static Duration seconds(Options options, String option, int otherwise)
      throws UsageException {
    return Duration.ofSeconds(options.number(option, otherwise, 1, HOUR));
  }

  /** Whether agents run as somebody else than this program: only root can have that. */
  boolean otherUser() {
    return !user.equals(System.getProperty("user.name"));
  }
}
