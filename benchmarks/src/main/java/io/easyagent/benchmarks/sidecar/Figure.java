package io.easyagent.benchmarks.sidecar;

import io.easyagent.benchmarks.measure.Unit;
import java.util.Locale;
import java.util.OptionalDouble;

/**
 * What is measured of a supervisor: of its own process, without agents, where nothing else is said.
 * The name in JSON is the constant's, in lower case.
 */
enum Figure {
  RSS_BYTES(Unit.BYTES, 68L << 20, "RSS, idle"),
  PSS_BYTES(Unit.BYTES, "PSS, idle"),
  PRIVATE_DIRTY_BYTES(Unit.BYTES, 42L << 20, "private dirty, idle"),
  CPU_SECONDS_PER_MINUTE(Unit.SECONDS, 0.2, "CPU in an idle minute"),
  KEEPERS_RSS_BYTES(Unit.BYTES, "RSS of the agents' keepers, added up"),
  KEEPERS_PSS_BYTES(Unit.BYTES, "  PSS"),
  KEEPERS_PRIVATE_DIRTY_BYTES(Unit.BYTES, "  private dirty"),
  CRASH_TO_RUNNING_MS_MEDIAN(Unit.MILLIS, 10, "kill of an agent until its successor runs, median"),
  CRASH_TO_RUNNING_MS_MAX(Unit.MILLIS, "  the longest"),
  START_TO_CONNECTED_MS(Unit.MILLIS, "start until connected, agents adopted, median"),
  RSS_WORKED_BYTES(Unit.BYTES, "RSS after the kills"),
  PRIVATE_DIRTY_WORKED_BYTES(Unit.BYTES, "  private dirty"),
  LOG_MEGABYTES_PER_SECOND(Unit.MEGABYTES_PER_SECOND, "log of an agent that writes as it can"),
  LOG_CPU_PERCENT(Unit.PERCENT, "  CPU of the supervisor for that (of one core)"),
  DISTRIBUTION_BYTES(Unit.BYTES, "on disk, unpacked"),
  ARCHIVE_BYTES(Unit.BYTES, "  archive");

  /** How many agents the goals are for. */
  static final int GOAL_AGENTS = 10;

  private final Unit unit;
  private final OptionalDouble goal;
  private final String label;

  Figure(Unit unit, String label) {
    this.unit = unit;
    this.goal = OptionalDouble.empty();
    this.label = label;
  }

  /**
   * @param goal at most
   */
  Figure(Unit unit, double goal, String label) {
    this.unit = unit;
    this.goal = OptionalDouble.of(goal);
    this.label = label;
  }

  Unit unit() {
    return unit;
  }

  /** The sidecar takes at most this much, with {@link #GOAL_AGENTS} agents. */
  OptionalDouble goal() {
    return goal;
  }

  String label() {
    return label;
  }

  String key() {
    return name().toLowerCase(Locale.ROOT);
  }
}
