package io.easyagent.server.agent;

import io.easyagent.server.fleet.HostId;
import io.easyagent.server.query.Page;
import io.easyagent.server.query.PageRequest;
import io.easyagent.server.store.Transaction;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Agents as they are stored. */
public interface AgentStore {
  /** The name is unique on its host, and the host is there. */
  void insert(
      Transaction transaction,
      AgentId id,
      HostId host,
      DefinitionText definition,
      long revision,
      DesiredState desired);

  Optional<Agent> find(Transaction transaction, AgentId id);

  /** In no order. */
  Set<AgentId> idsOfHost(Transaction transaction, HostId host);

  Optional<Agent> find(Transaction transaction, HostId host, String name);

  Map<HostId, Agent> find(Transaction transaction, Collection<HostId> hosts, String name);

  /** Sorted by name. */
  List<Agent> ofHost(Transaction transaction, HostId host);

  /** Sorted by the host's name, then the agent's. */
  Page<Agent> page(Transaction transaction, AgentQuery query, PageRequest request);

  /** How many agents are defined to run the package. */
  long countUsing(Transaction transaction, String packageReference);

  /** How many agents were given the secret for the definition they have. */
  long countHolding(Transaction transaction, String secret);

  /**
   * Remembers which versions of which secrets the agent's host was given; a new definition forgets
   * them.
   */
  void putSecrets(Transaction transaction, AgentId id, Map<String, Long> versions);

  /** The new revision. */
  long putDefinition(Transaction transaction, AgentId id, DefinitionText definition);

  /** What the host that defines the agent itself says that it is; nothing when it is stored. */
  void putHeld(
      Transaction transaction,
      AgentId id,
      DefinitionText definition,
      long revision,
      DesiredState desired);

  void putDesired(Transaction transaction, AgentId id, DesiredState desired);

  /** False when there is no such agent on the host. */
  boolean putObserved(Transaction transaction, AgentId id, HostId host, ObservedAgent observed);

  /** The host no longer says anything of it. */
  void clearObserved(Transaction transaction, AgentId id);

  boolean delete(Transaction transaction, AgentId id);
}
