package io.easyagent.benchmarks.sidecar;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.easyagent.benchmarks.measure.Machine;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * The figures of a whole call, as JSON.
 *
 * @param command as it was typed
 * @param versions of the programs that were measured, by their names
 * @param user who the agents ran as
 * @param runs from the smallest number of agents to the largest
 */
record Report(
    Machine machine,
    Instant date,
    String command,
    Map<String, String> versions,
    String user,
    List<Figures> runs) {
  private static final JsonMapper MAPPER = new JsonMapper();

  Report {
    versions = Map.copyOf(versions);
    runs = List.copyOf(runs);
    if (runs.isEmpty()) {
      throw new IllegalArgumentException("runs: none (expected: at least one)");
    }
  }

  /**
   * The figures with the number of agents that the goals are for are at the top (where that was not
   * measured, those with the most agents); those with every number, this one too, are in {@code
   * sizes}. The sidecar's are beside {@code agents}, supervisord's in an object of its name.
   */
  String json() {
    ObjectNode json = MAPPER.createObjectNode();
    machine.addTo(json.putObject("machine"));
    json.put("date", date.toString()).put("command", command);
    ObjectNode named = json.putObject("versions");
    versions.keySet().stream().sorted().forEach(name -> named.put(name, versions.get(name)));
    json.put("agents_user", user);
    put(json, chief());
    var sizes = json.putArray("sizes");
    runs.forEach(run -> put(sizes.addObject(), run));
    return json.toPrettyString() + "\n";
  }

  private Figures chief() {
    return runs.stream()
        .filter(run -> run.agents() == Figure.GOAL_AGENTS)
        .findFirst()
        .orElse(runs.getLast());
  }

  private static void put(ObjectNode json, Figures figures) {
    json.put("agents", figures.agents())
        .put("load_before", figures.load().before())
        .put("load_after", figures.load().after());
    put(json, figures.sidecar());
    put(json.putObject("supervisord"), figures.supervisord());
  }

  private static void put(ObjectNode json, Map<Figure, Double> values) {
    values.forEach((figure, value) -> figure.unit().put(json, figure.key(), value));
  }
}
