package io.easyagent.cli.agent;

import io.easyagent.api.Agent;
import io.easyagent.api.Page;
import io.easyagent.cli.console.Figures;
import io.easyagent.cli.console.Table;
import io.easyagent.cli.metric.MetricText;
import io.easyagent.cli.session.CommandException;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The agents that use most of something, as their hosts reported last.
 *
 * @param word as it is typed
 * @param metric its name in the API
 */
record AgentTop(String word, String metric) {
  /** Of more than these the order is not looked for: they are read one page after another. */
  static final long MOST_AGENTS = 5_000;

  static final long USUAL = 20;

  private static final Map<String, String> METRICS =
      new TreeMap<>(
          Map.of(
              "cpu", "cpu",
              "memory", "memory",
              "threads", "threads",
              "files", "openFiles",
              "read", "diskRead",
              "written", "diskWritten"));

  static AgentTop by(Optional<String> word) {
    String chosen = word.orElse("cpu");
    String metric = METRICS.get(chosen);
    if (metric == null) {
      throw CommandException.usage(
          "--sort: " + chosen + " (expected: one of " + String.join(", ", METRICS.keySet()) + ")");
    }
    return new AgentTop(chosen, metric);
  }

  /** Those with most of it, most first; one that has reported nothing is not among them. */
  Page<Agent> of(Page<Agent> agents, long limit) {
    if (agents.total() > MOST_AGENTS) {
      throw CommandException.usage(
          Figures.count(agents.total(), "agent")
              + " (expected: at most "
              + Figures.count(MOST_AGENTS)
              + "; say which: AGENT, --host NAME or --hosts SELECTOR)");
    }
    List<Agent> measured =
        agents.items().stream()
            .filter(agent -> agent.state() == Agent.State.running)
            .filter(agent -> agent.metrics().containsKey(metric))
            .sorted(
                Comparator.comparingDouble((Agent agent) -> agent.metrics().get(metric))
                    .reversed()
                    .thenComparing(Agent::name)
                    .thenComparing(Agent::hostName))
            .toList();
    return new Page<>(measured.stream().limit(limit).toList(), Optional.empty(), measured.size());
  }

  static Table table(List<Agent> agents) {
    Table table =
        new Table()
            .column("AGENT")
            .flexible("HOST")
            .column("CPU")
            .column("MEMORY")
            .column("PROCESSES")
            .column("THREADS")
            .column("FILES")
            .column("READ")
            .column("WRITTEN")
            .column("RESTARTS")
            .column("UP");
    for (Agent agent : agents) {
      table.row(
          agent.name(),
          agent.hostName(),
          text(agent, "cpu"),
          text(agent, "memory"),
          text(agent, "processes"),
          text(agent, "threads"),
          text(agent, "openFiles"),
          text(agent, "diskRead"),
          text(agent, "diskWritten"),
          Figures.count(agent.restarts()),
          text(agent, "uptime"));
    }
    return table;
  }

  private static String text(Agent agent, String metric) {
    return MetricText.metric(agent.metrics(), metric).orElse("-");
  }

  String summary(Page<Agent> shown) {
    String all = Figures.count(shown.total(), "running agent");
    return shown.items().size() < shown.total()
        ? "most " + word + " first: " + Figures.count(shown.items().size()) + " of " + all
        : "most " + word + " first: " + all;
  }
}
