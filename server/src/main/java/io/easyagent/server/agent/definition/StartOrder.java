package io.easyagent.server.agent.definition;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The order in which a host is to start its agents. */
public final class StartOrder {
  private StartOrder() {}

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
