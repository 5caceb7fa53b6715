package io.easyagent.acceptance.chaos;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * Which faults happen, and when: a pure function of the seed and the sizes. They overlap, for one
 * need not be over when the next happens.
 */
record Plan(List<Step> steps) {
  /** How many faults after a backup the server is restored from it, at most. */
  private static final int RESTORED_WITHIN = 12;

  /**
   * @param gap since the step before
   */
  record Step(Duration gap, Fault fault) {}

  Plan {
    steps = List.copyOf(steps);
  }

  /**
   * @param kinds that are drawn; a backup and its restore come together
   * @param meanGap between two faults
   */
  static Plan of(long seed, int hosts, int faults, Duration meanGap, Set<FaultKind> kinds) {
    RandomGenerator random = new SplittableRandom(seed);
    List<FaultKind> drawn =
        kinds.stream().filter(kind -> kind != FaultKind.RESTORE_SERVER).sorted().toList();
    // Each kind once, in any order, before chance decides: a short campaign has them all.
    List<FaultKind> first = new ArrayList<>(drawn);
    Collections.shuffle(first, random);
    List<Step> steps = new ArrayList<>();
    int restoredAt = -1;
    while (steps.size() < faults) {
      FaultKind kind =
          steps.size() == restoredAt
              ? FaultKind.RESTORE_SERVER
              : first.isEmpty() ? draw(random, drawn) : first.removeLast();
      if (kind == FaultKind.BACK_UP_SERVER) {
        if (restoredAt >= steps.size()) {
          continue;
        }
        restoredAt = steps.size() + 1 + random.nextInt(RESTORED_WITHIN);
      }
      steps.add(new Step(gap(random, meanGap), kind.draw(random, hosts)));
    }
    return new Plan(steps);
  }

  private static FaultKind draw(RandomGenerator random, List<FaultKind> kinds) {
    int left = random.nextInt(kinds.stream().mapToInt(FaultKind::weight).sum());
    for (FaultKind kind : kinds) {
      left -= kind.weight();
      if (left < 0) {
        return kind;
      }
    }
    throw new IllegalStateException("weights that do not add up");
  }

  /** Anything from nothing to twice the mean, so that some come at once. */
  private static Duration gap(RandomGenerator random, Duration mean) {
    return Duration.ofNanos(random.nextLong(2 * mean.toNanos() + 1));
  }
}
