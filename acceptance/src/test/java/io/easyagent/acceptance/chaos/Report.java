package io.easyagent.acceptance.chaos;

import io.easyagent.api.Operation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;

/** What came of a campaign, for people. */
final class Report {
  private static final Duration AROUND = Duration.ofSeconds(10);
  private static final int MOST_LINES = 60;

  private Report() {}

  /** A violation with what happened around it. */
  static String of(Violation violation, History history) {
    Duration from = violation.when().minus(AROUND);
    Duration to = violation.when().plus(AROUND);
    List<String> lines = new ArrayList<>();
    lines.add("VIOLATION  " + violation);
    lines.add("  faults around it, of the host and of the server:");
    history.strikes().stream()
        .filter(strike -> strike.touches(from, to))
        .filter(strike -> concerns(strike, violation.host()))
        .forEach(strike -> lines.add("    " + strike));
    history.restorations().forEach(restoration -> lines.add("    " + restoration));
    lines.add("  what its witness says:");
    List<Testimony> spoken =
        history.witnesses().getOrDefault(violation.host(), List.of()).stream()
            .filter(line -> line.name().equals(violation.subject()))
            .toList();
    spoken
        .subList(Math.max(0, spoken.size() - MOST_LINES), spoken.size())
        .forEach(line -> lines.add("    " + line));
    return String.join("\n", lines);
  }

  private static boolean concerns(Strike strike, String host) {
    OptionalInt struck = strike.fault().struckHost();
    return struck.isEmpty() || HostName.of(struck.getAsInt()).equals(host);
  }

  static String of(Campaign.Outcome outcome, Settings settings) {
    History history = outcome.history();
    List<String> lines = new ArrayList<>();
    Map<FaultKind, long[]> kinds = new EnumMap<>(FaultKind.class);
    for (Strike strike : history.strikes()) {
      long[] counts = kinds.computeIfAbsent(FaultKind.of(strike.fault()), kind -> new long[2]);
      counts[strike.moot() ? 1 : 0]++;
    }
    lines.add("%-26s %9s %12s".formatted("fault", "happened", "met nothing"));
    kinds.forEach((kind, counts) ->
        lines.add("%-26s %,9d %,12d".formatted(kind.words(), counts[0], counts[1])));
    long struck = kinds.values().stream().mapToLong(counts -> counts[0]).sum();
    lines.add("%-26s %,9d %,12d".formatted("all", struck, history.strikes().size() - struck));
    lines.add("");
    lines.addAll(ends(history));
    lines.add("");
    lines.add(
        "hosts %d, seed %d, %s (%.0f faults in a minute), orders put off by a full or busy server %,d, violations %d"
            .formatted(
                settings.hosts(),
                settings.seed(),
                Moments.text(outcome.lasted()),
                struck * 60_000.0 / Math.max(1, outcome.lasted().toMillis()),
                outcome.refusals(),
                outcome.violations().size()));
    return String.join("\n", lines);
  }

  /** By what was ordered: how it ended, by the first word. */
  private static List<String> ends(History history) {
    Map<String, Map<String, Long>> kinds = new TreeMap<>();
    for (Order order : history.orders()) {
      String kind =
          switch (order.deed()) {
            case Deed.Execution _ -> "exec";
            case Deed.Life(String _, var each) -> each.name();
          };
      String end =
          order
              .end()
              .map(word -> word.state().map(Operation.State::name).orElse("forgotten"))
              .orElse("open");
      kinds.computeIfAbsent(kind, each -> new TreeMap<>()).merge(end, 1L, Long::sum);
    }
    List<String> lines = new ArrayList<>();
    lines.add("%-12s %9s  %s".formatted("operation", "accepted", "ended"));
    kinds.forEach((kind, ends) ->
        lines.add(
            "%-12s %,9d  %s"
                .formatted(
                    kind, ends.values().stream().mapToLong(Long::longValue).sum(), words(ends))));
    lines.add("%-12s %,9d".formatted("all", history.orders().size()));
    return lines;
  }

  private static String words(Map<String, Long> ends) {
    return String.join(
        ", ",
        ends.entrySet().stream()
            .map(end -> "%,d %s".formatted(end.getValue(), end.getKey()))
            .toList());
  }
}
