package io.easyagent.sidecar.process;

import io.easyagent.sidecar.process.Transitions.Visit;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedMap;
import java.util.SequencedSet;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Renders the visited transitions as the page of the documentation. */
final class StateDiagram {
  private StateDiagram() {}

  static String render(List<Visit> visits) {
    return """
    # The states of an agent's process

    Made from the code by `TransitionsTest`, which fails when this page is stale (write it anew with
    `-Deasyagent.writeDocs=true`).
    What leads from a state to another may depend on the definition and on what is desired.

    ```mermaid
    stateDiagram-v2
      [*] --> Finding
    %s
    ```

    | state | shown as | events that lead to another state | events with actions only |
    | --- | --- | --- | --- |
    %s
    """
        .formatted(arrows(visits), table(visits));
  }

  private static String arrows(List<Visit> visits) {
    SequencedMap<String, SequencedSet<String>> arrows = new LinkedHashMap<>();
    for (Visit visit : visits) {
      if (!visit.next().equals(visit.state())) {
        arrows
            .computeIfAbsent(visit.state() + " --> " + visit.next(), _ -> new LinkedHashSet<>())
            .add(visit.eventName());
      }
    }
    return arrows.entrySet().stream()
        .map(arrow -> "  " + arrow.getKey() + ": " + String.join(", ", arrow.getValue()))
        .collect(Collectors.joining("\n"));
  }

  private static String table(List<Visit> visits) {
    return Arrays.stream(ProcessState.class.getPermittedSubclasses())
        .map(Class::getSimpleName)
        .map(state -> row(state, visits.stream().filter(v -> v.state().equals(state)).toList()))
        .collect(Collectors.joining("\n"));
  }

  private static String row(String state, List<Visit> visits) {
    TreeMap<String, LinkedHashSet<String>> leaving = new TreeMap<>();
    LinkedHashSet<String> acting = new LinkedHashSet<>();
    for (Visit visit : visits) {
      if (!visit.next().equals(state)) {
        leaving.computeIfAbsent(visit.eventName(), _ -> new LinkedHashSet<>()).add(visit.next());
      } else if (!visit.step().actions().isEmpty()) {
        acting.add(visit.eventName());
      }
    }
    acting.removeAll(leaving.keySet());
    String shown = visits.getFirst().before().observedState().name();
    String events =
        leaving.entrySet().stream()
            .map(entry -> entry.getKey() + " → " + String.join(" or ", entry.getValue()))
            .collect(Collectors.joining("; "));
    return "| %s | %s | %s | %s |".formatted(state, shown, events, String.join("; ", acting));
  }
}
