package io.easyagent.server.telemetry;

import io.easyagent.server.agent.AgentId;
import io.easyagent.server.fleet.HostId;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The latest figures of hosts and agents, in memory: the latest wins, and they are gone when the
 * server stops. What a host says of an agent is kept under the host: none can speak for another's.
 * Thread-safe; never blocks.
 */
public final class LatestMetrics {
  private static final int MOST_FIGURES = 128;
  private static final int MOST_AGENTS = 256;

  private final FigureNames names = new FigureNames();
  private final Map<HostId, Figures> hosts = new ConcurrentHashMap<>();
  private final Map<HostId, Map<AgentId, Figures>> agents = new ConcurrentHashMap<>();

  /** There are a few for each of tens of thousands of agents: a double is eight bytes so. */
  private record Figures(List<String> names, double[] values) {
    static final Figures NONE = new Figures(List.of(), new double[0]);

    Map<String, Double> byName() {
      Map<String, Double> figures = new TreeMap<>();
      for (int i = 0; i < values.length; i++) {
        figures.put(names.get(i), values[i]);
      }
      return Collections.unmodifiableMap(figures);
    }
  }

  /** Replaces the host's figures. */
  public void ofHost(HostId host, Map<String, Double> figures) {
    hosts.put(host, bounded(figures));
  }

  /** Replaces the agent's figures; those of a host's 257th agent are dropped. */
  public void ofAgent(HostId host, AgentId agent, Map<String, Double> figures) {
    Map<AgentId, Figures> known = agents.computeIfAbsent(host, absent -> new ConcurrentHashMap<>());
    if (known.size() < MOST_AGENTS || known.containsKey(agent)) {
      known.put(agent, bounded(figures));
    }
  }

  /** By name; empty before any were told. */
  public Map<String, Double> find(HostId host) {
    return hosts.getOrDefault(host, Figures.NONE).byName();
  }

  public Map<String, Double> find(HostId host, AgentId agent) {
    return agents.getOrDefault(host, Map.of()).getOrDefault(agent, Figures.NONE).byName();
  }

  /** The host is gone. */
  public void forget(HostId host) {
    hosts.remove(host);
    agents.remove(host);
  }

  private Figures bounded(Map<String, Double> figures) {
    TreeMap<String, Double> sorted = new TreeMap<>(figures);
    sorted.values().removeIf(figure -> !Double.isFinite(figure));
    while (sorted.size() > MOST_FIGURES) {
      sorted.pollLastEntry();
    }
    return new Figures(
        names.shared(List.copyOf(sorted.keySet())),
        sorted.values().stream().mapToDouble(Double::doubleValue).toArray());
  }
}
