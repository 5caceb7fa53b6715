package io.easyagent.cli.agent;

import io.easyagent.api.Agent;
import io.easyagent.cli.console.Figures;
import io.easyagent.cli.console.Table;
import io.easyagent.cli.console.Tint;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Agents as a table, and the line below it. */
public final class AgentTable {
  private AgentTable() {}

  public static Table of(List<Agent> agents, Instant now, ZoneId zone) {
    Table table =
        new Table()
            .column("AGENT")
            .flexible("HOST")
            .column("STATE")
            .column("HEALTH")
            .flexible("VERSION")
            .column("CONFIG")
            .column("DESIRED")
            .column("RESTARTS")
            .column("SINCE")
            .flexible("CAUSE");
    for (Agent agent : agents) {
      table.row(
          agent.name(),
          agent.hostName(),
          new Table.Cell(tint(agent), word(agent.state())),
          health(agent.health()),
          agent.version().orElse("-"),
          configuration(agent),
          agent.desired().name(),
          Figures.count(agent.restarts()),
          agent.since().map(since -> Figures.duration(Duration.between(since, now))).orElse("-"),
          cause(agent, now, zone));
    }
    return table;
  }

  static String word(Agent.State state) {
    return state == Agent.State.backingOff ? "backing-off" : state.name();
  }

  static Tint tint(Agent agent) {
    return switch (agent.state()) {
      case running -> Tint.good;
      case backingOff -> Tint.bad;
      case exited -> agent.type() == Agent.Type.service ? Tint.bad : Tint.plain;
      case stopped -> agent.desired() == Agent.Desired.running ? Tint.bad : Tint.plain;
      case unknown -> Tint.faint;
      case starting, stopping, waiting -> Tint.plain;
    };
  }

  static Table.Cell health(Agent.Health health) {
    return switch (health) {
      case none -> Table.Cell.of("-");
      case unknown -> new Table.Cell(Tint.faint, "unknown");
      case healthy -> new Table.Cell(Tint.good, "healthy");
      case unhealthy -> new Table.Cell(Tint.bad, "unhealthy");
    };
  }

  static Table.Cell configuration(Agent agent) {
    return agent.drift()
        ? new Table.Cell(Tint.warning, "r" + agent.revision() + " drift")
        : Table.Cell.of("r" + agent.revision());
  }

  /** With when it is started next: a try soon, or the next run of its schedule. */
  static String cause(Agent agent, Instant now, ZoneId zone) {
    String next =
        agent
            .nextStart()
            .map(start ->
                agent.state() == Agent.State.waiting
                    ? "next " + Figures.minute(start, now, zone)
                    : "retry in " + Figures.duration(Duration.between(now, start)))
            .orElse("");
    return agent.cause().isEmpty() || next.isEmpty()
        ? agent.cause() + next
        : agent.cause() + ", " + next;
  }

  /** How many there are, and how many of those that are shown are in which state. */
  static String summary(List<Agent> shown, long total) {
    Map<Agent.State, Long> counts =
        shown.stream()
            .collect(Collectors.groupingBy(Agent::state, TreeMap::new, Collectors.counting()));
    String states =
        counts.entrySet().stream()
            .map(entry -> Figures.count(entry.getValue()) + " " + word(entry.getKey()))
            .collect(Collectors.joining(", "));
    String all =
        shown.size() < total
            ? Figures.count(shown.size()) + " of " + Figures.count(total, "agent")
            : Figures.count(total, "agent");
    return states.isEmpty() ? all : all + ": " + states;
  }
}
