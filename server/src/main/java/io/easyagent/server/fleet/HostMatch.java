package io.easyagent.server.fleet;

import java.util.List;

/** What a name, id or id prefix stands for. */
public sealed interface HostMatch {
  record Found(Host host) implements HostMatch {}

  /**
   * @param candidates at most ten of them
   */
  record Ambiguous(List<Host> candidates) implements HostMatch {}

  record Missing() implements HostMatch {}
}
