package io.easyagent.benchmarks.fleet;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * What was measured of one fleet.
 *
 * @param hosts how many there were
 * @param load of the machine (the first of its load averages) as the run began and ended
 */
record Figures(int hosts, Load load, Map<Figure, Double> values) {
  Figures {
    values = Collections.unmodifiableMap(new EnumMap<>(values));
  }

  record Load(double before, double after) {}

  OptionalDouble find(Figure figure) {
    Double value = values.get(figure);
    return value == null ? OptionalDouble.empty() : OptionalDouble.of(value);
  }
}
