package io.easyagent.benchmarks.fleet;

import io.easyagent.benchmarks.measure.Unit;
import java.util.Locale;
import java.util.OptionalDouble;

/** What is measured. The name in JSON is the constant's, in lower case. */
enum Figure {
  SERVER_START_MS(Unit.MILLIS, 1_000, "server start to its first answer, median of 5"),
  STORE_BYTES(Unit.BYTES, "the store, filled with the past"),
  CONNECT_SECONDS(Unit.SECONDS, "all hosts enrol and connect"),
  CONNECT_SERVER_CPU_SECONDS(Unit.SECONDS, "  CPU of the server"),
  CONNECT_SIMULATOR_CPU_SECONDS(Unit.SECONDS, "  CPU of the simulator"),
  HOST_PAGE_P99_MS(Unit.MILLIS, 20, "page of 100 hosts by label, p99"),
  HOST_PAGE_P50_MS(Unit.MILLIS, "  median"),
  AGENT_PAGE_P99_MS(Unit.MILLIS, 20, "page of 100 agents by label, p99"),
  AGENT_PAGE_P50_MS(Unit.MILLIS, "  median"),
  PAGE_CPU_MILLIS(Unit.MILLIS, "  CPU of the server for a page"),
  SERVER_RSS_BYTES(Unit.BYTES, 512L << 20, "RSS of the server, all connected, idle"),
  SERVER_HEAP_BYTES(Unit.BYTES, "  heap after a full collection"),
  IDLE_CPU_PERCENT(Unit.PERCENT, "CPU of the server, idle (of one core)"),
  IDLE_SIMULATOR_CPU_PERCENT(Unit.PERCENT, "  CPU of the simulator"),
  FANOUT_FIRST_CPU_SECONDS(Unit.SECONDS, 3, "exec on all, first run: CPU of the server"),
  FANOUT_FIRST_WALL_SECONDS(Unit.SECONDS, "  until every result is stored"),
  FANOUT_CPU_SECONDS(Unit.SECONDS, 3, "exec on all, median of 5: CPU of the server"),
  FANOUT_WALL_SECONDS(Unit.SECONDS, "  until every result is stored"),
  FANOUT_SIMULATOR_CPU_SECONDS(Unit.SECONDS, "  CPU of the simulator"),
  REPORT_EVENT_CPU_MICROS(Unit.MICROS, 40, "CPU of the server for a report of one event"),
  REPORT_BATCHED_EVENT_CPU_MICROS(Unit.MICROS, "  for one of many in a report"),
  EVENTS_PER_SECOND(Unit.PER_SECOND, "events stored, sustained"),
  SERVER_RSS_LOADED_BYTES(Unit.BYTES, "RSS of the server after all of this"),
  RECONNECT_SECONDS(Unit.SECONDS, 20, "kill -9 of the server until all are back"),
  RECONNECT_SERVER_CPU_SECONDS(Unit.SECONDS, "  CPU of the server"),
  RECONNECT_SIMULATOR_CPU_SECONDS(Unit.SECONDS, "  CPU of the simulator"),
  OPERATIONS_IN_FLIGHT(Unit.COUNT, "  operations sent or running at the kill"),
  OPERATIONS_ACCEPTED(Unit.COUNT, "operations that were accepted in all"),
  OPERATIONS_LOST(Unit.COUNT, 0, "  lost"),
  OPERATIONS_RUN_TWICE(Unit.COUNT, 0, "  run twice"),
  OPERATIONS_INTERRUPTED(Unit.COUNT, "  ended as interrupted"),
  SERVER_RSS_PEAK_BYTES(Unit.BYTES, "RSS of the server, the most in the whole run");

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

  /** At most this much, with 10,000 hosts. */
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
