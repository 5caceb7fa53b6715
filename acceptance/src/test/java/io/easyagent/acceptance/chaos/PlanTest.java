package io.easyagent.acceptance.chaos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class PlanTest {
  private static final Duration GAP = Duration.ofMillis(100);
  private static final Set<FaultKind> ALL = EnumSet.allOf(FaultKind.class);

  @Test
  void theSameSeedGivesTheSamePlan() {
    assertEquals(Plan.of(7, 4, 500, GAP, ALL), Plan.of(7, 4, 500, GAP, ALL));
    assertNotEquals(Plan.of(7, 4, 500, GAP, ALL), Plan.of(8, 4, 500, GAP, ALL));
  }

  @Test
  void everyKindOfFaultIsDrawnAndEveryHostStruck() {
    List<Fault> faults = faults(Plan.of(1, 4, 4_000, GAP, ALL));
    assertEquals(4_000, faults.size());
    assertEquals(ALL, faults.stream().map(FaultKind::of).collect(Collectors.toSet()));
    assertEquals(
        Set.of(0, 1, 2, 3),
        faults.stream()
            .flatMap(fault -> fault.struckHost().stream().boxed())
            .collect(Collectors.toSet()));
  }

  @Test
  void aShortPlanHasEveryKind() {
    assertEquals(
        ALL,
        faults(Plan.of(1, 2, 40, GAP, ALL)).stream()
            .map(FaultKind::of)
            .collect(Collectors.toSet()));
  }

  @Test
  void onlyTheKindsThatAreAskedForAreDrawn() {
    List<Fault> faults =
        faults(Plan.of(1, 2, 100, GAP, EnumSet.of(FaultKind.KILL_SERVER, FaultKind.CUT_LINK)));
    assertEquals(
        Set.of(FaultKind.KILL_SERVER, FaultKind.CUT_LINK),
        faults.stream().map(FaultKind::of).collect(Collectors.toSet()));
  }

  @Test
  void theServerIsRestoredFromEachBackupOnceAndSoon() {
    List<FaultKind> kinds =
        faults(Plan.of(3, 4, 20_000, GAP, ALL)).stream().map(FaultKind::of).toList();
    int backups = 0;
    for (int at = 0; at < kinds.size() - 20; at++) {
      if (kinds.get(at) == FaultKind.BACK_UP_SERVER) {
        backups++;
        List<FaultKind> soon = kinds.subList(at + 1, at + 20);
        int restored = soon.indexOf(FaultKind.RESTORE_SERVER);
        assertTrue(restored >= 0, "backup " + at + " is not restored");
        assertTrue(
            !soon.subList(0, restored).contains(FaultKind.BACK_UP_SERVER), "another backup first");
      }
    }
    assertTrue(backups > 10, backups + " backups");
  }

  private static List<Fault> faults(Plan plan) {
    return plan.steps().stream().map(Plan.Step::fault).toList();
  }
}
