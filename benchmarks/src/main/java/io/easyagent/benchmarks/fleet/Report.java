package io.easyagent.benchmarks.fleet;

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
 * @param past how much of the retention limits the store was filled with, in percent
 * @param runs from the smallest fleet to the largest
 */
record Report(
    Machine machine, Instant date, String command, String version, int past, List<Figures> runs) {
  private static final JsonMapper MAPPER = new JsonMapper();

  Report {
    runs = List.copyOf(runs);
    if (runs.isEmpty()) {
      throw new IllegalArgumentException("runs: none (expected: at least one)");
    }
  }

  /**
   * The figures of the largest fleet are at the top; those of every fleet, this one too, are in
   * {@code sizes}.
   */
  String json() {
    ObjectNode json = MAPPER.createObjectNode();
    machine.addTo(json.putObject("machine"));
    json.put("date", date.toString())
        .put("command", command)
        .put("version", version)
        .put("store_filled_percent", past);
    put(json, runs.getLast());
    var sizes = json.putArray("sizes");
    runs.forEach(run -> put(sizes.addObject(), run));
    return json.toPrettyString() + "\n";
  }

  private static void put(ObjectNode json, Figures figures) {
    json.put("hosts", figures.hosts())
        .put("load_before", figures.load().before())
        .put("load_after", figures.load().after());
    for (Map.Entry<Figure, Double> each : figures.values().entrySet()) {
      each.getKey().unit().put(json, each.getKey().key(), each.getValue());
    }
  }
}
