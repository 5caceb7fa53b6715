package io.easyagent.definition;

import java.util.List;

/** One way to ask a process whether it is well. Texts may hold variables. */
public sealed interface Probe {
  /** Well when the command ends with 0. Runs as the agent's user. */
  record Command(List<String> command) implements Probe {
    public Command {
      command = List.copyOf(command);
    }
  }

  /** Well when the answer is 2xx. Only the host's own addresses; no redirect is followed. */
  record Http(String url) implements Probe {}

  /**
   * Well when a connection is accepted.
   *
   * @param address host and port
   */
  record Tcp(String address) implements Probe {}
}
