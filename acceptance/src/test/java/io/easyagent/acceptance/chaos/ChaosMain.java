package io.easyagent.acceptance.chaos;

import io.easyagent.acceptance.chaos.Settings.UsageException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

/** The program. Exit status 0: every promise was kept; 1: one was not; 2: wrong usage. */
public final class ChaosMain {
  private static final int ENOUGH = 10;

  private ChaosMain() {}

  public static void main(String[] arguments) throws Exception {
    List<String> words = List.of(arguments);
    if (words.contains("--help") || words.contains("-h")) {
      System.out.print(Settings.USAGE);
      return;
    }
    long now = Instant.now().getEpochSecond();
    try {
      System.exit(run(Settings.parse(words, now), now));
    } catch (UsageException wrong) {
      System.err.println("chaos: " + wrong.getMessage());
      System.err.print(Settings.USAGE);
      System.exit(2);
    }
  }

  private static int run(Settings asked, long now) throws Exception {
    Path folder = asked.folder().resolve("seed-" + asked.seed() + "-" + now);
    Settings settings = asked.in(folder);
    System.out.printf(
        "chaos: seed %d, %d hosts, %,d faults, in %s%n",
        settings.seed(), settings.hosts(), settings.faults(), folder);
    try (Campaign campaign =
        new Campaign(
            settings, Programs.REAL, violations -> violations.size() >= ENOUGH, System.out)) {
      Campaign.Outcome outcome = campaign.run();
      outcome
          .violations()
          .forEach(violation -> System.out.println(Report.of(violation, outcome.history())));
      System.out.println(Report.of(outcome, settings));
      if (outcome.violations().isEmpty()) {
        return 0;
      }
      campaign.keep();
      System.out.println("what the programs had on their disks is kept in " + folder);
      return 1;
    }
  }
}
