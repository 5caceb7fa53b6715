package io.easyagent.benchmarks.fleet;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/** The figures, for people. Pure. */
final class Tables {
  private static final double STEP = 1_000;

  private Tables() {}

  /** Each figure beside its goal, and whether it is met. */
  static List<String> ofRun(Figures figures) {
    List<String> lines = new ArrayList<>();
    lines.add(
        String.format(
            Locale.ROOT,
            "%,d hosts, load of the machine %.1f before and %.1f after; goals are for 10,000",
            figures.hosts(),
            figures.load().before(),
            figures.load().after()));
    lines.add(String.format("%-48s %14s %14s", "WHAT", "MEASURED", "GOAL"));
    for (Figure figure : Figure.values()) {
      OptionalDouble value = figures.find(figure);
      if (value.isPresent()) {
        lines.add(
            String.format(
                    "%-48s %14s %14s  %s",
                    figure.label(),
                    figure.unit().text(value.getAsDouble()),
                    goal(figure),
                    verdict(figure, value.getAsDouble()))
                .stripTrailing());
      }
    }
    return lines;
  }

  private static String goal(Figure figure) {
    OptionalDouble goal = figure.goal();
    if (goal.isEmpty()) {
      return "-";
    }
    String text = figure.unit().text(goal.getAsDouble());
    return goal.getAsDouble() == 0 ? text : "≤ " + text;
  }

  private static String verdict(Figure figure, double value) {
    OptionalDouble goal = figure.goal();
    if (goal.isEmpty()) {
      return "";
    }
    return value <= goal.getAsDouble() ? "met" : "MISSED";
  }

  /**
   * Each figure at each size, and by how much it grew for a thousand hosts more between two sizes
   * that follow each other: equal steps are a straight line.
   *
   * @param runs from the smallest fleet to the largest, at least two
   */
  static List<String> ofGrowth(List<Figures> runs) {
    List<String> lines = new ArrayList<>();
    StringBuilder head = new StringBuilder(String.format("%-48s", "GROWTH"));
    runs.forEach(run -> head.append(String.format(Locale.ROOT, " %,14d", run.hosts())));
    head.append("  for 1,000 hosts more");
    lines.add(head.toString());
    for (Figure figure : Figure.values()) {
      if (runs.stream().allMatch(run -> run.find(figure).isPresent())) {
        lines.add(growth(figure, runs));
      }
    }
    return lines;
  }

  private static String growth(Figure figure, List<Figures> runs) {
    StringBuilder line = new StringBuilder(String.format("%-48s", figure.label()));
    for (Figures run : runs) {
      line.append(String.format(" %14s", figure.unit().text(run.find(figure).orElseThrow())));
    }
    List<String> steps = new ArrayList<>();
    for (int at = 1; at < runs.size(); at++) {
      double step = step(figure, runs.get(at - 1), runs.get(at));
      steps.add((step > 0 ? "+" : "") + figure.unit().text(step));
    }
    return line.append("  ").append(String.join(", ", steps)).toString();
  }

  private static double step(Figure figure, Figures smaller, Figures larger) {
    double more = larger.find(figure).orElseThrow() - smaller.find(figure).orElseThrow();
    return more / (larger.hosts() - smaller.hosts()) * STEP;
  }
}
