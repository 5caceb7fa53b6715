package io.easyagent.sidecar.prepare;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What templates may say about the host.
 *
 * @param id empty before the host is enrolled
 * @param labels given by the server
 * @param facts observed here, for example {@code os}
 */
public record HostVariables(
    Optional<String> id, String name, Map<String, String> labels, Map<String, String> facts) {
  public HostVariables {
    labels = Map.copyOf(labels);
    facts = Map.copyOf(facts);
  }

  /** As a command of the server calls the host. */
  public HostVariables called(String changedName, Map<String, String> changedLabels) {
    return new HostVariables(id, changedName, changedLabels, facts);
  }

  Map<String, String> asMap() {
    Map<String, String> values = new TreeMap<>();
    id.ifPresent(known -> values.put("host.id", known));
    values.put("host.name", name);
    labels.forEach((key, value) -> values.put("label." + key, value));
    facts.forEach((key, value) -> values.put("fact." + key, value));
    return values;
  }
}
