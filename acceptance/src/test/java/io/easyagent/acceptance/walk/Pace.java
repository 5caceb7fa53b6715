package io.easyagent.acceptance.walk;

import java.util.EnumSet;
import java.util.Set;

/**
 * Which boundaries of an operation are struck: every n-th, the neighbouring operation at another
 * one. {@code -Dwalk.every=1} strikes at each, in every walk.
 *
 * @param every how many boundaries lie between two that are struck
 */
record Pace(int every) {
  private static final String ASKED = "walk.every";

  static final Pace EACH = new Pace(1);

  /**
   * @param every where nothing else is asked for
   */
  static Pace usually(int every) {
    return new Pace(Integer.getInteger(ASKED, every));
  }

  /** Where that step is struck in that round; both are counted from 0. */
  int boundary(int round, Step step) {
    return round * every + step.ordinal() % every;
  }

  /** How many strikes that leaves of so many. */
  int of(int all) {
    return all / every;
  }

  /** The part of a life that there must be for these to be struck in it. */
  static Set<Step> lifeWith(Set<Step> struck) {
    Set<Step> life = EnumSet.copyOf(struck);
    life.add(Step.INSTALL);
    life.add(Step.UNINSTALL);
    if (life.stream().anyMatch(Pace::needsRunningAgent)) {
      life.add(Step.START);
      life.add(Step.STOP);
    }
    return life;
  }

  private static boolean needsRunningAgent(Step step) {
    return switch (step) {
      case INSTALL, UNINSTALL -> false;
      case START, CONFIGURE, EXEC, RESTART, STOP -> true;
    };
  }
}
