package io.easyagent.server.agent;

import io.easyagent.server.fleet.HostId;
import io.easyagent.server.fleet.Selector;
import java.util.Optional;

/** Which agents a list shows; every given part must match. */
public record AgentQuery(Optional<Selector> hosts, Optional<HostId> host, Optional<String> name) {
  public static final AgentQuery ALL =
      new AgentQuery(Optional.empty(), Optional.empty(), Optional.empty());
}
