package io.easyagent.server.apply;

import io.easyagent.server.fleet.Host;
import io.easyagent.server.operation.Command;

/** What an apply is going to do for one agent on one host. */
public sealed interface PlannedItem {
  Host host();

  String agent();

  /** The agent is not there. */
  record Create(Host host, String agent, String diff, Command.Install command)
      implements PlannedItem {}

  /** The agent has another definition. */
  record Change(Host host, String agent, String diff, Command.Configure command)
      implements PlannedItem {}

  record Unchanged(Host host, String agent) implements PlannedItem {}
}
