package io.easyagent.cli.host;

import io.easyagent.api.Host;
import io.easyagent.cli.console.Figures;
import io.easyagent.cli.console.ShortIds;
import io.easyagent.cli.console.Table;
import io.easyagent.cli.console.Tint;
import io.easyagent.cli.progress.HostTint;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Hosts as a table, and the line below it. */
final class HostTable {
  private HostTable() {}

  static Table of(List<Host> hosts, Instant now, ZoneId zone) {
    ShortIds ids = ShortIds.of(hosts.stream().map(Host::id).toList());
    Table table =
        new Table()
            .flexible("HOST")
            .column("ID")
            .column("STATUS")
            .column("AGENTS")
            .flexible("OS")
            .column("SIDECAR")
            .flexible("LABELS")
            .column("SEEN");
    for (Host host : hosts) {
      table.row(
          host.name(),
          ids.of(host.id()),
          new Table.Cell(HostTint.of(host.status()), status(host, now)),
          agents(host.agents()),
          os(host),
          host.sidecarVersion().orElse("-"),
          labels(host),
          seen(host, now, zone));
    }
    return table;
  }

  static String status(Host host, Instant now) {
    return switch (host.status()) {
      case online, pending -> host.status().name();
      case offline, conflicted ->
          host.status() + " " + Figures.duration(Duration.between(host.statusSince(), now));
    };
  }

  private static Table.Cell agents(Host.AgentCounts agents) {
    String counts = agents.asDesired() + "/" + agents.total();
    if (!agents.certain()) {
      return new Table.Cell(Tint.faint, counts + " ?");
    }
    return agents.asDesired() < agents.total()
        ? new Table.Cell(Tint.warning, counts + " !")
        : Table.Cell.of(counts);
  }

  static String os(Host host) {
    String os = host.facts().getOrDefault("os", "");
    String version = host.facts().getOrDefault("osVersion", "");
    return os.isEmpty() ? "-" : version.isEmpty() ? os : os + " " + version;
  }

  static String labels(Host host) {
    return host.labels().isEmpty()
        ? "-"
        : new TreeMap<>(host.labels())
            .entrySet().stream()
                .map(label -> label.getKey() + "=" + label.getValue())
                .collect(Collectors.joining(","));
  }

  static String seen(Host host, Instant now, ZoneId zone) {
    return switch (host.status()) {
      case online -> "now";
      case offline, pending, conflicted ->
          host.lastSeen().map(seen -> Figures.shortTime(seen, now, zone)).orElse("never");
    };
  }

  /** How many there are, and how many of those that are shown are in which status. */
  static String summary(List<Host> shown, long total) {
    Map<Host.Status, Long> counts =
        shown.stream()
            .collect(Collectors.groupingBy(Host::status, TreeMap::new, Collectors.counting()));
    String statuses =
        counts.entrySet().stream()
            .map(entry -> Figures.count(entry.getValue()) + " " + entry.getKey())
            .collect(Collectors.joining(", "));
    String all =
        shown.size() < total
            ? Figures.count(shown.size()) + " of " + Figures.count(total, "host")
            : Figures.count(total, "host");
    return statuses.isEmpty() ? all : all + ": " + statuses;
  }
}
