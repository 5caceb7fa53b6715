package io.easyagent.sidecar;

import io.easyagent.sidecar.agent.AgentRecord;
import io.easyagent.sidecar.agent.ObservedAgent;
import io.easyagent.sidecar.config.TrustedFiles;
import io.easyagent.sidecar.definitions.DefinedAgents;
import io.easyagent.sidecar.definitions.DefinitionsFolder;
import io.easyagent.sidecar.journal.Journal;
import io.easyagent.sidecar.local.AgentOrders;
import io.easyagent.sidecar.local.Reload;
import io.easyagent.sidecar.metrics.HostFacts;
import io.easyagent.sidecar.operation.Operations;
import io.easyagent.sidecar.operation.work.AgentReports;
import io.easyagent.sidecar.operation.work.HostOrders;
import io.easyagent.sidecar.operation.work.JournalledOperations;
import io.easyagent.sidecar.operation.work.OperationTime;
import io.easyagent.sidecar.operation.work.OrderlyShutdown;
import io.easyagent.sidecar.operation.work.OwnOperations;
import io.easyagent.sidecar.operation.work.Ownership;
import io.easyagent.sidecar.operation.work.SupervisedAgents;
import io.easyagent.sidecar.operation.work.Workbench;
import io.easyagent.sidecar.policy.PolicyRules;
import io.easyagent.sidecar.policy.PolicySource;
import io.easyagent.sidecar.prepare.Accounts;
import io.easyagent.sidecar.prepare.AgentVariables;
import io.easyagent.sidecar.prepare.Artifacts;
import io.easyagent.sidecar.prepare.HostAccounts;
import io.easyagent.sidecar.prepare.HostFolders;
import io.easyagent.sidecar.prepare.HostVariables;
import io.easyagent.sidecar.prepare.LaunchPlans;
import io.easyagent.sidecar.prepare.SecretFiles;
import io.easyagent.sidecar.prepare.SecretSource;
import io.easyagent.sidecar.service.Watchdog;
import io.easyagent.sidecar.supervise.CgroupParents;
import io.easyagent.sidecar.supervise.KeeperHost;
import io.easyagent.sidecar.supervise.KeeperSupervision;
import io.easyagent.sidecar.supervise.KeeperTasks;
import io.easyagent.sidecar.supervise.LaunchStep;
import io.easyagent.sidecar.supervise.SupervisionSettings;
import io.easyagent.sidecar.supervise.SystemdScope;
import io.easyagent.sidecar.upgrade.Upgrades;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Consumer;

/** Agents and tasks under keepers, operations through the journal. */
final class KeeperWorkforce implements Workforce {
  static final String CGROUPS = "easyagent-agents";

  private final Clock clock = SystemTime.clock();
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("timer").daemon().factory());
  private final ExecutorService reporter =
      Executors.newSingleThreadExecutor(Thread.ofVirtual().name("reports").factory());
  private final Journal journal;
  private final PolicyRules rules;
  private final KeeperHost keepers;
  private Optional<String> scopeCondition = Optional.empty();
  private final KeeperSupervision supervision;
  private final KeeperTasks tasks;
  private final SupervisedAgents supervised;
  private final JournalledOperations operations;
  private final OrderlyShutdown shutdown;
  private final HostOrders orders;
  private final Optional<DefinedAgents> defined;

  KeeperWorkforce(
      HostFolders folders,
      HostFacts facts,
      Optional<UUID> hostId,
      Journal journal,
      Artifacts artifacts,
      PolicySource policy,
      SecretSource secrets,
      Optional<Path> definitions,
      Upgrades upgrades)
      throws IOException {
    this(
        folders,
        facts,
        hostId,
        journal,
        artifacts,
        policy,
        secrets,
        definitions,
        upgrades,
        _ -> {});
  }

  /**
   * @param launching hears of every step of every launch, on the launching thread
   */
  KeeperWorkforce(
      HostFolders folders,
      HostFacts facts,
      Optional<UUID> hostId,
      Journal journal,
      Artifacts artifacts,
      PolicySource policy,
      SecretSource secrets,
      Optional<Path> definitions,
      Upgrades upgrades,
      Consumer<LaunchStep> launching)
      throws IOException {
    this.journal = journal;
    OperationTime time = new OperationTime(clock, SystemTime::nanoTime, timer);
    Accounts accounts = new HostAccounts();
    SecretFiles secretFiles = new SecretFiles(folders, accounts);
    AgentVariables variables =
        new AgentVariables(folders, accounts, secretFiles, () -> variables(facts, hostId));
    LaunchPlans plans = new LaunchPlans(folders, variables);
    rules = new PolicyRules(policy, accounts, folders, plans, variables);
    keepers =
        KeeperHost.open(
            settings(folders.data().resolve("run")),
            clock,
            SystemTime::nanoTime,
            timer,
            rules,
            launching);
    supervision =
        new KeeperSupervision(
            keepers, SystemTime::random, new AgentReports(journal, clock, reporter));
    tasks = new KeeperTasks(keepers);
    supervised = new SupervisedAgents(journal, supervision, plans, time);
    Workbench bench =
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
            rules,
            secretFiles,
            secrets,
            new Ownership(definitions),
            upgrades);
    operations = new JournalledOperations(bench);
    OwnOperations own = new OwnOperations(operations, bench, facts.hostName());
    TrustedFiles files = TrustedFiles.ofRootOr(accounts.own().uid());
    defined =
        definitions.map(
            folder -> new DefinedAgents(new DefinitionsFolder(folder, files), journal, own));
    shutdown = new OrderlyShutdown(journal, supervised, operations);
    orders = new HostOrders(journal, supervised, operations, time);
  }

  /** In systemd's scope where this is its unit; else, or when systemd fails, in own cgroups. */
  private SupervisionSettings settings(Path runFolder) throws IOException {
    try {
      Optional<SystemdScope> scope = SystemdScope.open(System.getenv());
      if (scope.isPresent()) {
        return new SupervisionSettings(runFolder, scope.get().parents(), scope.get());
      }
    } catch (IOException failure) {
      scopeCondition =
          Optional.of(
              "systemd gives no scope for agents ("
                  + failure.getMessage()
                  + "): at the machine's end they may be stopped all at once");
    }
    return new SupervisionSettings(runFolder, CgroupParents.below(CGROUPS));
  }

  private static HostVariables variables(HostFacts facts, Optional<UUID> hostId) {
    return new HostVariables(
        hostId.map(UUID::toString),
        facts.hostName(),
        Map.of(),
        Map.of(
            "os", facts.osPlatform(),
            "osVersion", facts.osVersion(),
            "arch", facts.architecture(),
            "cores", Integer.toString(facts.cores()),
            "memory", Long.toString(facts.memory())));
  }

  @Override
  public void begin() {
    supervised.recover();
    operations.resume();
    defined.ifPresent(DefinedAgents::begin);
  }

  @Override
  public Operations operations() {
    return operations;
  }

  @Override
  public ObservedAgent observe(AgentRecord agent) {
    try {
      return supervision.observe(agent.id());
    } catch (IllegalArgumentException notSupervised) {
      return ObservedAgent.unsupervised(clock.instant());
    }
  }

  @Override
  public Set<Integer> processes(AgentRecord agent) {
    return supervision.processes(agent.id());
  }

  @Override
  public List<Watchdog.Part> parts() {
    return List.of(
        Watchdog.Part.of("timer", timer::execute),
        Watchdog.Part.of("reports of agents", reporter::execute),
        Watchdog.Part.of("supervision of agents", supervision::answer));
  }

  @Override
  public Duration longestShutdown() {
    return shutdown.longest();
  }

  @Override
  public boolean shutDown(Consumer<String> progress) {
    return shutdown.run(progress);
  }

  @Override
  public AgentOrders orders() {
    return orders;
  }

  @Override
  public Reload reload() {
    return defined
        .<Reload>map(agents -> agents)
        .orElse(progress -> {
          progress.accept(
              "this host defines no agents of its own (expected: `definitions` in sidecar.yaml)");
          return false;
        });
  }

  @Override
  public List<String> conditions() {
    List<String> conditions = new ArrayList<>(rules.conditions(journal.state().agents().values()));
    scopeCondition.ifPresent(conditions::add);
    conditions.addAll(keepers.conditions());
    defined.ifPresent(agents -> conditions.addAll(agents.conditions()));
    return conditions;
  }

  /** What runs goes on; the next life of the sidecar finds it. */
  @Override
  public void close() throws IOException {
    defined.ifPresent(DefinedAgents::close);
    operations.close();
    supervision.close();
    tasks.close();
    reporter.shutdown();
    timer.shutdownNow();
    keepers.close();
  }
}
