package io.easyagent.cli.agent;

import io.easyagent.api.ApplyResult;
import io.easyagent.api.ApplyResult.Change;
import io.easyagent.api.ApplyResult.Item;
import io.easyagent.cli.console.Console;
import io.easyagent.cli.console.Figures;
import io.easyagent.cli.console.Line;
import io.easyagent.cli.console.Tint;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What an apply did or would do: hosts with the same change together, each change with its diff.
 */
final class ApplyText {
  private static final int MOST_NAMES = 5;

  private record Group(Change change, String agent, String diff, String error) {}

  private ApplyText() {}

  static void print(Console console, ApplyResult result, boolean dryRun) {
    Map<Group, List<String>> groups = new LinkedHashMap<>();
    for (Item item : result.items()) {
      Group group = new Group(item.change(), item.agent(), item.diff(), item.error().orElse(""));
      groups.computeIfAbsent(group, ignored -> new ArrayList<>()).add(item.hostName());
    }
    groups.forEach((group, hosts) -> print(console, group, hosts));
    console.print(summary(result, dryRun));
  }

  private static void print(Console console, Group group, List<String> hosts) {
    console.print(
        Line.of(tint(group.change()), group.change().name())
            .add(" " + group.agent() + " on " + names(hosts))
            .add(group.error().isEmpty() ? "" : ": " + group.error()));
    group.diff().lines().forEach(line -> console.print(Line.of("  ").add(diffTint(line), line)));
  }

  private static String names(List<String> hosts) {
    if (hosts.size() <= MOST_NAMES) {
      return String.join(", ", hosts);
    }
    return Figures.count(hosts.size(), "host")
        + ": "
        + String.join(", ", hosts.subList(0, MOST_NAMES))
        + ", …";
  }

  private static Tint tint(Change change) {
    return switch (change) {
      case created -> Tint.good;
      case changed -> Tint.warning;
      case unchanged -> Tint.faint;
      case failed -> Tint.bad;
    };
  }

  private static Tint diffTint(String line) {
    if (line.startsWith("+++") || line.startsWith("---")) {
      return Tint.strong;
    }
    if (line.startsWith("@@")) {
      return Tint.faint;
    }
    return line.startsWith("+") ? Tint.good : line.startsWith("-") ? Tint.bad : Tint.plain;
  }

  private static String summary(ApplyResult result, boolean dryRun) {
    StringBuilder summary = new StringBuilder();
    for (Change change : Change.values()) {
      long count = result.items().stream().filter(item -> item.change() == change).count();
      summary
          .append(summary.isEmpty() ? "" : ", ")
          .append(Figures.count(count))
          .append(' ')
          .append(change);
    }
    return summary + (dryRun ? "; nothing was done" : "");
  }
}
