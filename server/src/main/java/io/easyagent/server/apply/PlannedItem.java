package io.easyagent.server.apply;

import io.easyagent.server.fleet.HostBrief;
import io.easyagent.server.operation.Command;

/** What an apply is going to do for one agent on one host. */
public sealed interface PlannedItem {
  HostBrief host();

  String agent();

  /** The agent is not there. */
  record Create(HostBrief host, String agent, String diff, Command.Install command)
      implements PlannedItem {}

  /** The agent has another definition. */
  record Change(HostBrief host, String agent, String diff, Command.Configure command)
      implements PlannedItem {}

  record Unchanged(HostBrief host, String agent) implements PlannedItem {}
}
