package io.easyagent.sidecar.metrics;

import java.util.Set;

/**
 * The processes of an agent that runs.
 *
 * @param main its main process; what descends from it belongs to the agent too
 * @param inside what else is known to belong to it, wherever in the tree of processes it is; may be
 *     empty
 */
public record AgentTree(int main, Set<Integer> inside) {
  public AgentTree {
    inside = Set.copyOf(inside);
  }
}
