package io.easyagent.sidecar.operation.work;

import io.easyagent.sidecar.agent.AgentDefinition;
import io.easyagent.sidecar.agent.AgentId;
import io.easyagent.sidecar.agent.DefinedFile;
import io.easyagent.sidecar.agent.PackageReference;
import io.easyagent.sidecar.agent.Script;
import io.easyagent.sidecar.journal.FakeJournal;
import io.easyagent.sidecar.journal.Journal;
import io.easyagent.sidecar.journal.JournalEntry;
import io.easyagent.sidecar.journal.JournalState;
import io.easyagent.sidecar.journal.OutboxEvent.OperationFinished;
import io.easyagent.sidecar.journal.OutboxEvent.OperationStarted;
import io.easyagent.sidecar.linux.Proc;
import io.easyagent.sidecar.operation.Command;
import io.easyagent.sidecar.operation.OperationId;
import io.easyagent.sidecar.operation.OperationResult;
import io.easyagent.sidecar.operation.Operations;
import io.easyagent.sidecar.operation.TakenCommand;
import io.easyagent.sidecar.policy.Policy;
import io.easyagent.sidecar.policy.PolicyRules;
import io.easyagent.sidecar.policy.PolicySource;
import io.easyagent.sidecar.prepare.AgentFolders;
import io.easyagent.sidecar.prepare.AgentVariables;
import io.easyagent.sidecar.prepare.ArchiveBuilder;
import io.easyagent.sidecar.prepare.FakeAccounts;
import io.easyagent.sidecar.prepare.FakeArtifacts;
import io.easyagent.sidecar.prepare.FakeSecretSource;
import io.easyagent.sidecar.prepare.HostFolders;
import io.easyagent.sidecar.prepare.HostVariables;
import io.easyagent.sidecar.prepare.LaunchPlans;
import io.easyagent.sidecar.prepare.PrepareException;
import io.easyagent.sidecar.prepare.SampleDefinitions;
import io.easyagent.sidecar.prepare.SecretFiles;
import io.easyagent.sidecar.prepare.TreeRemoval;
import io.easyagent.sidecar.supervise.FakeSupervision;
import io.easyagent.sidecar.supervise.FakeTasks;
import io.easyagent.sidecar.upgrade.Installation;
import io.easyagent.sidecar.upgrade.Settings;
import io.easyagent.sidecar.upgrade.Upgrades;
import io.easyagent.testkit.Eventually;
import io.easyagent.testkit.FakeClock;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * What outlives the sidecar: its disk, the processes, the server; and lives of the sidecar on it.
 */
final class TestHost implements AutoCloseable {
  static final Duration SOON = Duration.ofSeconds(10);
  static final AgentId FILEBEAT = new AgentId(new UUID(1, 1));

  final FakeClock clock = new FakeClock();
  final FakeJournal disk = new FakeJournal();
  final FakeSupervision processes = new FakeSupervision();
  final FakeTasks tasks = new FakeTasks();
  final FakeArtifacts artifacts = new FakeArtifacts();
  final FakeSecretSource secrets = new FakeSecretSource();
  final FakeAccounts accounts = new FakeAccounts();
  final HostFolders folders;

  /** The sidecar's own. */
  final Path settings;

  /** What there is of the sidecar itself. */
  volatile Installation.Found installation = new Installation.Found.Elsewhere("not installed");

  /** Why lives of the sidecar wished to end. */
  final Queue<String> ends = new ConcurrentLinkedQueue<>();

  volatile PolicySource.State policy = new PolicySource.State.InForce(Policy.USUAL);

  /** Of the present life. */
  LaunchPlans plans;

  /** Of the present life. */
  PolicyRules rules;

  private final List<JournalledOperations> lives = new ArrayList<>();
  private final List<OrderlyShutdown> shutdowns = new ArrayList<>();
  private final List<HostOrders> orders = new ArrayList<>();
  private final List<OwnOperations> owns = new ArrayList<>();
  private long lastOperation;

  TestHost(Path data) {
    folders = new HostFolders(data.resolve("data"));
    settings = data.resolve("sidecar.yaml");
  }

  /** Starts a sidecar whose server knows of no end that the host does not know. */
  JournalledOperations start(Journal journal) {
    JournalledOperations operations = startAlone(journal);
    operations.agreed(Set.of());
    return operations;
  }

  /** Starts a sidecar: it recovers its agents and resumes its operations; no server is there. */
  JournalledOperations startAlone(Journal journal) {
    OperationTime time = new OperationTime(clock, clock::nanoTime, clock.scheduler());
    SecretFiles secretFiles = new SecretFiles(folders, accounts);
    AgentVariables variables =
        new AgentVariables(
            folders,
            accounts,
            secretFiles,
            () -> new HostVariables(Optional.of("h-1"), "web-1", Map.of(), Map.of("os", "debian")));
    plans = new LaunchPlans(folders, variables);
    rules = new PolicyRules(() -> policy, accounts, folders, plans, variables);
    SupervisedAgents supervised =
        new SupervisedAgents(journal, new SurvivingSupervision(processes), plans, time);
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
            new Ownership(Optional.of(Path.of("/etc/agents"))),
            Upgrades.of(
                installation,
                "amd64",
                new Settings(Optional.of(settings), settings),
                artifacts,
                accounts,
                new Proc(),
                Duration.ofSeconds(120),
                ends::add));
    JournalledOperations operations = new JournalledOperations(bench);
    lives.add(operations);
    owns.add(new OwnOperations(operations, bench, "web-1"));
    shutdowns.add(new OrderlyShutdown(journal, supervised, operations));
    orders.add(new HostOrders(journal, supervised, operations, time));
    supervised.recover();
    operations.resume();
    return operations;
  }

  /** Of the present life. */
  OrderlyShutdown shutdown() {
    return shutdowns.getLast();
  }

  /** Of the present life. */
  HostOrders orders() {
    return orders.getLast();
  }

  /** Of the present life. */
  OwnOperations own() {
    return owns.getLast();
  }

  JournalledOperations start() {
    return start(new CrashingJournal(disk));
  }

  TakenCommand command(Command command) {
    return command(command, Duration.ofMinutes(15));
  }

  TakenCommand command(Command command, Duration timeLeft) {
    lastOperation++;
    return new TakenCommand(
        new OperationId(new UUID(7, lastOperation)),
        "digest-" + lastOperation,
        "aa",
        timeLeft,
        clock.instant(),
        "web-1",
        Map.of("role", "web"),
        command);
  }

  Optional<OperationResult> find(TakenCommand command) {
    JournalState.KnownOperation known = disk.state().operations().get(command.id());
    return known == null ? Optional.empty() : known.result();
  }

  OperationResult await(TakenCommand command) {
    return Eventually.awaitValue(SOON, "the end of " + command.command(), () -> find(command));
  }

  OperationResult run(Operations operations, Command command) {
    TakenCommand taken = command(command);
    operations.take(taken);
    return await(taken);
  }

  AgentFolders agent(String name) throws PrepareException {
    return folders.agent(name);
  }

  PackageReference filebeat(String version) {
    return artifacts.add(
        "filebeat",
        version,
        new ArchiveBuilder()
            .file("filebeat-" + version + "/filebeat", "#!/bin/sh\n", 0755)
            .file("filebeat-" + version + "/VERSION", version, 0644)
            .tarGz());
  }

  /** With a package, a validated file and an install script. */
  AgentDefinition definition(String version, String content) {
    return SampleDefinitions.of(
        Optional.of(filebeat(version)),
        List.of("{{package}}/filebeat", "-c", "{{config}}/filebeat.yml"),
        List.of(file(content, new DefinedFile.Apply.Restart())),
        Optional.of(new Script("echo installed", List.of("{{package}}"), Duration.ofMinutes(1))),
        Optional.of(new Script("echo uninstalled", List.of(), Duration.ofMinutes(1))));
  }

  static DefinedFile file(String content, DefinedFile.Apply apply) {
    return new DefinedFile(
        "filebeat.yml",
        0640,
        apply,
        Optional.of(List.of("{{package}}/filebeat", "test", "{{file}}")),
        new DefinedFile.Source.Template("name: {{host.name}}\n# " + content + "\n"));
  }

  long started(TakenCommand command) {
    return disk.entries().stream()
        .filter(entry ->
            entry instanceof JournalEntry.EventQueued queued
                && queued.event() instanceof OperationStarted event
                && event.operation().equals(command.id()))
        .count();
  }

  long finished(TakenCommand command) {
    return disk.entries().stream()
        .filter(entry ->
            entry instanceof JournalEntry.EventQueued queued
                && queued.event() instanceof OperationFinished event
                && event.operation().equals(command.id()))
        .count();
  }

  /** So many launches of commands that have this argument. */
  long launches(String argument) {
    return tasks.launches().stream()
        .filter(launch -> launch.plan().command().stream().anyMatch(a -> a.contains(argument)))
        .count();
  }

  @Override
  public void close() throws IOException {
    lives.forEach(JournalledOperations::close);
    TreeRemoval.remove(folders.data());
  }
}
