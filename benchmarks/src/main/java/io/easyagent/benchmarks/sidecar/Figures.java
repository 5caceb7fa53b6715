package io.easyagent.benchmarks.sidecar;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * What was measured with one number of agents. What does not apply to a supervisor is not there.
 *
 * @param agents how many there were, of each supervisor
 * @param load of the machine (the first of its load averages) as the run began and ended
 */
record Figures(
    int agents, Load load, Map<Figure, Double> sidecar, Map<Figure, Double> supervisord) {
  Figures {
    sidecar = copy(sidecar);
    supervisord = copy(supervisord);
  }

  record Load(double before, double after) {}

  OptionalDouble ofSidecar(Figure figure) {
    return find(sidecar, figure);
  }

  OptionalDouble ofSupervisord(Figure figure) {
    return find(supervisord, figure);
  }

  private static OptionalDouble find(Map<Figure, Double> values, Figure figure) {
    Double value = values.get(figure);
    return value == null ? OptionalDouble.empty() : OptionalDouble.of(value);
  }

  private static Map<Figure, Double> copy(Map<Figure, Double> values) {
    Map<Figure, Double> copy = new EnumMap<>(Figure.class);
    copy.putAll(values);
    return Collections.unmodifiableMap(copy);
  }
}
