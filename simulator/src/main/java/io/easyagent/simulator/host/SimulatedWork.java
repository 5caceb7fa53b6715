package io.easyagent.simulator.host;

import io.easyagent.sidecar.agent.AgentRecord;
import io.easyagent.sidecar.agent.ObservedAgent;
import io.easyagent.sidecar.journal.Journal;
import io.easyagent.sidecar.metrics.HostFacts;
import io.easyagent.sidecar.operation.Operations;
import io.easyagent.sidecar.operation.work.AgentReports;
import io.easyagent.sidecar.operation.work.JournalledOperations;
import io.easyagent.sidecar.operation.work.OperationTime;
import io.easyagent.sidecar.operation.work.Ownership;
import io.easyagent.sidecar.operation.work.SupervisedAgents;
import io.easyagent.sidecar.operation.work.Workbench;
import io.easyagent.sidecar.policy.Policy;
import io.easyagent.sidecar.policy.PolicyRules;
import io.easyagent.sidecar.policy.PolicySource;
import io.easyagent.sidecar.prepare.Account;
import io.easyagent.sidecar.prepare.Accounts;
import io.easyagent.sidecar.prepare.AgentVariables;
import io.easyagent.sidecar.prepare.Artifacts;
import io.easyagent.sidecar.prepare.HostFolders;
import io.easyagent.sidecar.prepare.HostVariables;
import io.easyagent.sidecar.prepare.LaunchPlans;
import io.easyagent.sidecar.prepare.SecretFiles;
import io.easyagent.sidecar.prepare.SecretSource;
import io.easyagent.sidecar.upgrade.Upgrades;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * The sidecar's own operations over agents and tasks without processes. Closing it leaves what the
 * journal holds to the next life.
 */
final class SimulatedWork implements AutoCloseable {
  private final ExecutorService reporter =
      Executors.newSingleThreadExecutor(Thread.ofVirtual().name("reports").factory());
  private final Journal journal;
  private final Clock clock;
  private final SimulatedSupervision supervision;
  private final SupervisedAgents supervised;
  private final SimulatedTasks tasks;
  private final JournalledOperations operations;

  SimulatedWork(
      HostNumber host,
      HostFolders folders,
      HostFacts facts,
      UUID hostId,
      Journal journal,
      Clock clock,
      Artifacts artifacts,
      SecretSource secrets,
      SharedParts shared) {
    this.journal = journal;
    this.clock = clock;
    OperationTime time = new OperationTime(clock, shared.nanos(), shared.timer());
    Accounts accounts = new OneAccount(shared.own());
    SecretFiles secretFiles = new SecretFiles(folders, accounts);
    HostVariables ownVariables =
        new HostVariables(
            Optional.of(hostId.toString()), facts.hostName(), Map.of(), Map.of("os", "debian"));
    AgentVariables variables =
        new AgentVariables(folders, accounts, secretFiles, () -> ownVariables);
    LaunchPlans plans = new LaunchPlans(folders, variables);
    PolicySource everything = () -> new PolicySource.State.InForce(Policy.USUAL);
    supervision =
        new SimulatedSupervision(shared, clock, new AgentReports(journal, clock, reporter));
    supervised = new SupervisedAgents(journal, supervision, plans, time);
    tasks = new SimulatedTasks(host, shared);
    operations =
        new JournalledOperations(
            Workbench.of(
                journal,
                supervised,
                tasks,
                time,
                accounts,
                folders,
                artifacts,
                variables,
                plans,
                new PolicyRules(everything, accounts, folders, plans, variables),
                secretFiles,
                secrets,
                new Ownership(Optional.empty()),
                Upgrades.none("a simulated sidecar is no installation")));
  }

  /** Takes up what the last life left: agents first, then operations. */
  void begin() {
    journal.state().operations().keySet().forEach(tasks::expect);
    supervised.recover();
    operations.resume();
  }

  Operations operations() {
    return new WitnessedOperations(operations, tasks);
  }

  ObservedAgent observe(AgentRecord agent) {
    try {
      return supervision.observe(agent.id());
    } catch (IllegalArgumentException notSupervised) {
      return ObservedAgent.unsupervised(clock.instant());
    }
  }

  void crash() {
    supervision.crash();
  }

  @Override
  public void close() {
    operations.close();
    supervision.close();
    reporter.shutdown();
  }

  /** Every user of a simulated host is the one that the simulator runs as. */
  record OneAccount(Account own) implements Accounts {
    @Override
    public Optional<Account> find(String name) {
      return Optional.of(new Account(name, own.uid(), own.gid(), own.home()));
    }
  }
}
