package io.easyagent.server.agent;

import io.easyagent.server.fleet.HostId;
import io.easyagent.server.query.Page;
import io.easyagent.server.query.PageRequest;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;

/**
 * Reads agents; they change only through operations and what hosts report. Methods wait for the
 * store: call them on virtual threads.
 */
public interface Agents {
  Optional<Agent> find(AgentId id);

  Optional<Agent> find(HostId host, String name);

  /** The agents with the name on these hosts; hosts without one are absent. */
  Map<HostId, Agent> find(Collection<HostId> hosts, String name);

  /** Sorted by the host's name, then the agent's, then id. */
  Page<Agent> page(AgentQuery query, PageRequest request);
}
