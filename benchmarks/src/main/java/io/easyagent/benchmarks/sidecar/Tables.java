package io.easyagent.benchmarks.sidecar;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/** The figures, for people. Pure. */
final class Tables {
  private static final String ROW = "%-50s %12s %12s  %-6s %12s";

  private Tables() {}

  /** Each figure beside its goal, whether it is met, and supervisord's. */
  static List<String> ofRun(Figures figures) {
    List<String> lines = new ArrayList<>();
    boolean judged = figures.agents() == Figure.GOAL_AGENTS;
    lines.add(
        String.format(
            Locale.ROOT,
            "%,d %s, load of the machine %.1f before and %.1f after%s",
            figures.agents(),
            figures.agents() == 1 ? "agent" : "agents",
            figures.load().before(),
            figures.load().after(),
            judged ? "" : "; goals are for " + Figure.GOAL_AGENTS));
    lines.add(String.format(ROW, "WHAT", "SIDECAR", "GOAL", "", "SUPERVISORD"));
    for (Figure figure : Figure.values()) {
      OptionalDouble sidecar = figures.ofSidecar(figure);
      OptionalDouble supervisord = figures.ofSupervisord(figure);
      if (sidecar.isPresent() || supervisord.isPresent()) {
        lines.add(
            String.format(
                ROW,
                figure.label(),
                text(figure, sidecar),
                judged ? goal(figure) : "-",
                judged ? verdict(figure, sidecar) : "",
                text(figure, supervisord)));
      }
    }
    return lines;
  }

  private static String text(Figure figure, OptionalDouble value) {
    return value.isEmpty() ? "-" : figure.unit().text(value.getAsDouble());
  }

  private static String goal(Figure figure) {
    return figure.goal().isEmpty() ? "-" : "≤ " + text(figure, figure.goal());
  }

  private static String verdict(Figure figure, OptionalDouble value) {
    if (figure.goal().isEmpty() || value.isEmpty()) {
      return "";
    }
    return value.getAsDouble() <= figure.goal().getAsDouble() ? "met" : "MISSED";
  }
}
