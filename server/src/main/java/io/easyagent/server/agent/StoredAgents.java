package io.easyagent.server.agent;

import io.easyagent.server.fleet.HostId;
import io.easyagent.server.fleet.HostStore;
import io.easyagent.server.fleet.Scope;
import io.easyagent.server.fleet.Scoped;
import io.easyagent.server.query.Page;
import io.easyagent.server.query.PageRequest;
import io.easyagent.server.store.Reader;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Agents in the store; those of hosts outside of the scope are unknown agents. */
public final class StoredAgents implements Agents, Scoped<Agents> {
  private final AgentStore store;
  private final HostStore hosts;
  private final Reader reader;
  private final Scope scope;

  public StoredAgents(AgentStore store, HostStore hosts, Reader reader) {
    this(store, hosts, reader, Scope.ALL);
  }

  private StoredAgents(AgentStore store, HostStore hosts, Reader reader, Scope scope) {
    this.store = store;
    this.hosts = hosts;
    this.reader = reader;
    this.scope = scope;
  }

  @Override
  public Agents within(Scope narrower) {
    return new StoredAgents(store, hosts, reader, narrower);
  }

  @Override
  public Optional<Agent> find(AgentId id) {
    return reader.read(transaction ->
        store
            .find(transaction, id)
            .filter(agent -> !hosts.among(transaction, scope, List.of(agent.host())).isEmpty()));
  }

  @Override
  public Optional<Agent> find(HostId host, String name) {
    return Optional.ofNullable(find(List.of(host), name).get(host));
  }

  @Override
  public Map<HostId, Agent> find(Collection<HostId> wanted, String name) {
    return reader.read(
        transaction -> store.find(transaction, hosts.among(transaction, scope, wanted), name));
  }

  @Override
  public Page<Agent> page(AgentQuery query, PageRequest request) {
    AgentQuery narrowed = new AgentQuery(scope.narrow(query.hosts()), query.host(), query.name());
    return reader.read(transaction -> store.page(transaction, narrowed, request));
  }
}
