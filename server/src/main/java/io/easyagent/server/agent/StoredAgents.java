package io.easyagent.server.agent;

import io.easyagent.server.fleet.HostId;
import io.easyagent.server.query.Page;
import io.easyagent.server.query.PageRequest;
import io.easyagent.server.store.Reader;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;

/** Agents in the store. */
public final class StoredAgents implements Agents {
  private final AgentStore store;
  private final Reader reader;

  public StoredAgents(AgentStore store, Reader reader) {
    this.store = store;
    this.reader = reader;
  }

  @Override
  public Optional<Agent> find(AgentId id) {
    return reader.read(transaction -> store.find(transaction, id));
  }

  @Override
  public Optional<Agent> find(HostId host, String name) {
    return reader.read(transaction -> store.find(transaction, host, name));
  }

  @Override
  public Map<HostId, Agent> find(Collection<HostId> hosts, String name) {
    return reader.read(transaction -> store.find(transaction, hosts, name));
  }

  @Override
  public Page<Agent> page(AgentQuery query, PageRequest request) {
    return reader.read(transaction -> store.page(transaction, query, request));
  }

  @Override
  public long countUsing(String packageReference) {
    return reader.read(transaction -> store.countUsing(transaction, packageReference));
  }
}
