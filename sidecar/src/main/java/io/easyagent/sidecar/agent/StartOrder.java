package io.easyagent.sidecar.agent;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The order in which a host's agents are started, and the reverse of which they are stopped in. */
public final class StartOrder {
  private StartOrder() {}

  /**
   * The next one is always the first installed one of those that come after none that is left. A
   * circle, which {@link #findCycle} should have kept out, is cut where it was installed first.
   *
   * @param installed in the order in which they were installed
   */
  public static List<AgentRecord> of(Collection<AgentRecord> installed) {
    List<AgentRecord> left = new ArrayList<>(installed);
    List<AgentRecord> order = new ArrayList<>();
    while (!left.isEmpty()) {
      Set<String> names = new HashSet<>();
      left.forEach(agent -> names.add(agent.definition().name()));
      AgentRecord next =
          left.stream()
              .filter(agent -> agent.definition().after().stream().noneMatch(names::contains))
              .findFirst()
              .orElse(left.getFirst());
      left.remove(next);
      order.add(next);
    }
    return order;
  }

  /**
   * A circle of agents that are all to be started after one another: the first one again at the
   * end.
   *
   * @param after by the name of each agent the names of those that it comes after; names that are
   *     no keys are ignored
   */
  public static Optional<List<String>> findCycle(Map<String, List<String>> after) {
    Set<String> free = new HashSet<>();
    for (String name : after.keySet()) {
      Optional<List<String>> cycle = findCycle(name, after, new ArrayList<>(), free);
      if (cycle.isPresent()) {
        return cycle;
      }
    }
    return Optional.empty();
  }

  /**
   * @param path that has led here
   * @param free what is known to lead to no circle
   */
  private static Optional<List<String>> findCycle(
      String name, Map<String, List<String>> after, List<String> path, Set<String> free) {
    int seen = path.indexOf(name);
    path.add(name);
    if (seen >= 0) {
      return Optional.of(List.copyOf(path.subList(seen, path.size())));
    }
    if (!free.contains(name)) {
      for (String before : after.getOrDefault(name, List.of())) {
        Optional<List<String>> cycle = findCycle(before, after, path, free);
        if (cycle.isPresent()) {
          return cycle;
        }
      }
      free.add(name);
    }
    path.removeLast();
    return Optional.empty();
  }
}
