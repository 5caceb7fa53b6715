package io.easyagent.sidecar.supervise;

/** What holds the cgroups of agents, beside what holds the sidecar. */
public interface AgentsScope {
  /** Sees to it that it is there; called before every launch. Failures are told by its maker. */
  void ensure();

  /** Nothing: agents' cgroups are at the top of the hierarchy, as this sidecar makes them. */
  static AgentsScope none() {
    return () -> {};
  }
}
