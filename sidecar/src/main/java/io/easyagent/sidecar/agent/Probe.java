package io.easyagent.sidecar.agent;

import java.net.URI;
import java.util.List;

/** One way to ask a process whether it is well. */
public sealed interface Probe {
  /** Well when the command ends with 0. Runs as the agent's user. */
  record Command(List<String> command) implements Probe {
    public Command {
      command = List.copyOf(command);
    }
  }

  /** Well when the answer is 2xx. Only the host's own addresses; no redirect is followed. */
  record Http(URI url) implements Probe {}

  /** Well when a connection is accepted. */
  record Tcp(String host, int port) implements Probe {}
}
