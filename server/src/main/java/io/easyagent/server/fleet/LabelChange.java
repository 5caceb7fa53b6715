package io.easyagent.server.fleet;

import java.util.Map;
import java.util.Set;

/** Labels to set and labels to remove; removal comes first. */
public record LabelChange(Map<String, String> set, Set<String> remove) {
  public LabelChange {
    set = Map.copyOf(set);
    remove = Set.copyOf(remove);
  }
}
