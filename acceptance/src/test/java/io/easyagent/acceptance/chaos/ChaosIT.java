package io.easyagent.acceptance.chaos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.easyagent.acceptance.chaos.Violation.Promise;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A short campaign, and one that must fail for the bugs that are planted. {@code ./dev chaos} runs
 * long ones.
 */
class ChaosIT {
  @TempDir Path folder;

  @Test
  void everyPromiseIsKept() throws Exception {
    Settings settings =
        new Settings(2, 40, Duration.ofMillis(600), 1, EnumSet.allOf(FaultKind.class), folder);
    try (Campaign campaign =
        new Campaign(settings, Programs.REAL, violations -> !violations.isEmpty(), System.out)) {
      Campaign.Outcome outcome = campaign.run();
      System.out.println(Report.of(outcome, settings));
      assertEquals(
          List.of(),
          outcome.violations(),
          () ->
              outcome.violations().stream()
                  .map(violation -> Report.of(violation, outcome.history()))
                  .collect(Collectors.joining("\n")));
      assertTrue(outcome.history().orders().size() > 5, () -> Report.of(outcome, settings));
    }
  }

  @Test
  void bugsOfSidecarsAreFoundWhereTheyArePlanted() throws Exception {
    Map<String, Bug> planted =
        Map.of(
            HostName.of(0), Bug.FORGETS_COMMANDS,
            HostName.of(1), Bug.FORGETS_TASKS,
            HostName.of(2), Bug.FORGETS_AGENTS,
            HostName.of(3), Bug.ENDS_AGENTS);
    Settings settings =
        new Settings(5, 80, Duration.ofMillis(2_000), 1, Set.of(FaultKind.KILL_SIDECAR), folder);
    Map<String, Set<Promise>> found =
        run(
            settings,
            new Programs(planted),
            violations -> hosts(violations).containsAll(planted.keySet()));
    assertEquals(planted.keySet(), found.keySet(), found::toString);
    assertTrue(
        found.get(HostName.of(1)).contains(Promise.TRUE_INTERRUPTED),
        () -> "forgotten tasks: " + found);
    assertTrue(
        found.get(HostName.of(2)).contains(Promise.AGENT_ALONE),
        () -> "forgotten agents: " + found);
    assertTrue(
        found.get(HostName.of(3)).contains(Promise.AGENT_LIVES), () -> "ended agents: " + found);
  }

  /** The promises that were found broken, by host. */
  private static Map<String, Set<Promise>> run(
      Settings settings, Programs programs, Predicate<List<Violation>> enough) throws Exception {
    try (Campaign campaign = new Campaign(settings, programs, enough, System.out)) {
      return campaign.run().violations().stream()
          .collect(
              Collectors.groupingBy(
                  Violation::host, Collectors.mapping(Violation::promise, Collectors.toSet())));
    }
  }

  private static Set<String> hosts(List<Violation> violations) {
    return violations.stream().map(Violation::host).collect(Collectors.toSet());
  }
}
