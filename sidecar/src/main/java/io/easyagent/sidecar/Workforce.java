package io.easyagent.sidecar;

import io.easyagent.sidecar.agent.AgentRecord;
import io.easyagent.sidecar.agent.ObservedAgent;
import io.easyagent.sidecar.journal.Journal;
import io.easyagent.sidecar.local.AgentOrders;
import io.easyagent.sidecar.local.Reload;
import io.easyagent.sidecar.metrics.HostFacts;
import io.easyagent.sidecar.operation.Operations;
import io.easyagent.sidecar.policy.PolicySource;
import io.easyagent.sidecar.prepare.Artifacts;
import io.easyagent.sidecar.prepare.HostFolders;
import io.easyagent.sidecar.prepare.SecretSource;
import io.easyagent.sidecar.service.Watchdog;
import io.easyagent.sidecar.upgrade.Upgrades;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;

/** What keeps this host's agents and works on commands. Closing it leaves agents running. */
interface Workforce extends AutoCloseable {

  /**
   * Makes one over a journal; nothing of it acts before {@link #begin}. Without a host id the host
   * has no server; without a folder of definitions it has no agents of its own.
   */
  interface Factory {
    Workforce open(
        HostFolders folders,
        HostFacts facts,
        Optional<UUID> hostId,
        Journal journal,
        Artifacts artifacts,
        PolicySource policy,
        SecretSource secrets,
        Optional<Path> definitions,
        Upgrades upgrades)
        throws IOException;
  }

  /** Takes up what the sidecar's last life left: agents first, then operations. */
  void begin();

  Operations operations();

  /** Also of an agent that could not be taken under supervision, with the reason. */
  ObservedAgent observe(AgentRecord agent);

  /** Every process that is known to belong to the agent, by number; empty where none is known. */
  Set<Integer> processes(AgentRecord agent);

  /** What must make progress for the sidecar to be of use. */
  List<Watchdog.Part> parts();

  /** The longest that {@link #shutDown} can take. */
  Duration longestShutdown();

  /**
   * Stops every agent, in reverse order, with its grace; takes no operation any more. What is
   * desired of the agents is kept.
   *
   * @param progress hears one line per step
   * @return whether nothing of any agent is left
   */
  boolean shutDown(Consumer<String> progress);

  /** What somebody on the host may tell its agents. */
  AgentOrders orders();

  /** How the host's own agents are brought to what is defined. */
  Reload reload();

  /** What an operator should know about the host. */
  List<String> conditions();

  @Override
  void close() throws IOException;
}
