package io.easyagent.acceptance.chaos;

import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What the command line asks for.
 *
 * @param kinds of faults that are drawn
 * @param folder in which campaigns are kept
 */
record Settings(int hosts, int faults, Duration gap, long seed, Set<FaultKind> kinds, Path folder) {
  private static final Duration USUAL_GAP = Duration.ofMillis(400);
  private static final int USUAL_MINUTES = 5;

  /** More leave hosts no time to come back and work. */
  private static final int MOST_IN_A_MINUTE = 300;

  static final String USAGE =
      """
      usage: ./dev chaos [--hosts N] [--minutes M] [--faults N] [--seed S]

        --hosts N     real sidecars, each with a disk, a clock and a link of its own (4)
        --minutes M   how long faults happen (as long as they take; without --faults: 5)
        --faults N    how many faults happen (150 in a minute; with --minutes: at most 300 in each)
        --seed S      of the plan of faults; the same seed, hosts and faults give the same plan
                      (without it: another one each time, which is told)

      Needs root, for disks of its own, and a C compiler, for clocks. Exit status 0
      when every promise was kept, 1 when not, 2 for wrong usage.
      """;

  /** The command line is wrong; says what, and what was expected. */
  static final class UsageException extends Exception {
    private static final long serialVersionUID = 1L;

    UsageException(String message) {
      super(message);
    }
  }

  Settings {
    kinds = Set.copyOf(kinds);
  }

  /** The same in another folder. */
  Settings in(Path other) {
    return new Settings(hosts, faults, gap, seed, kinds, other);
  }

  /**
   * @param anySeed when none is given
   */
  static Settings parse(List<String> arguments, long anySeed) throws UsageException {
    Map<String, String> given = new HashMap<>();
    for (int at = 0; at < arguments.size(); at += 2) {
      String option = arguments.get(at);
      if (!List.of("--hosts", "--minutes", "--faults", "--seed", "--folder").contains(option)) {
        throw new UsageException("unknown option " + option);
      }
      if (at + 1 == arguments.size()) {
        throw new UsageException(option + ": no value");
      }
      if (given.put(option, arguments.get(at + 1)) != null) {
        throw new UsageException(option + ": given twice");
      }
    }
    boolean timed = given.containsKey("--minutes");
    boolean counted = given.containsKey("--faults");
    long minutes =
        number("--minutes", given.getOrDefault("--minutes", "" + USUAL_MINUTES), 1, 100_000);
    long faults =
        counted
            ? number("--faults", given.get("--faults"), 1, 1_000_000)
            : Duration.ofMinutes(minutes).dividedBy(USUAL_GAP);
    if (timed && faults > minutes * MOST_IN_A_MINUTE) {
      throw new UsageException(
          "--faults: %s in %d minutes (expected: at most %d in a minute)"
              .formatted(given.get("--faults"), minutes, MOST_IN_A_MINUTE));
    }
    return new Settings(
        (int) number("--hosts", given.getOrDefault("--hosts", "4"), 1, 50),
        (int) faults,
        timed && counted ? Duration.ofMinutes(minutes).dividedBy(faults) : USUAL_GAP,
        number("--seed", given.getOrDefault("--seed", "" + anySeed), 0, Long.MAX_VALUE),
        EnumSet.allOf(FaultKind.class),
        Path.of(given.getOrDefault("--folder", "acceptance/target/chaos")).toAbsolutePath());
  }

  private static long number(String name, String given, long least, long most)
      throws UsageException {
    try {
      long value = Long.parseLong(given);
      if (value >= least && value <= most) {
        return value;
      }
    } catch (NumberFormatException notNumber) {
      throw outOfRange(name, given, least, most);
    }
    throw outOfRange(name, given, least, most);
  }

  private static UsageException outOfRange(String name, String given, long least, long most) {
    return new UsageException(name + ": " + given + " (expected: " + least + " to " + most + ")");
  }
}
