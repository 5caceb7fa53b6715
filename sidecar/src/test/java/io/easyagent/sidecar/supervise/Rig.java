package io.easyagent.sidecar.supervise;

import io.easyagent.sidecar.agent.AgentDefinition;
import io.easyagent.sidecar.agent.AgentId;
import io.easyagent.sidecar.agent.AgentType;
import io.easyagent.sidecar.agent.HealthCheck;
import io.easyagent.sidecar.agent.Limits;
import io.easyagent.sidecar.agent.LogRule;
import io.easyagent.sidecar.agent.ObservedAgent;
import io.easyagent.sidecar.agent.Readiness;
import io.easyagent.sidecar.agent.RestartRule;
import io.easyagent.sidecar.agent.StopRule;
import io.easyagent.sidecar.agent.SuccessfulEnds;
import io.easyagent.sidecar.secret.Redaction;
import io.easyagent.testkit.Eventually;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/** A supervision on this very host, in folders of its own, that checks that it leaves nothing. */
final class Rig implements AutoCloseable {
  /** Longer on a machine that is emulated. */
  static final Duration PATIENCE = Duration.ofSeconds(Long.getLong("easyagent.test.patience", 20));

  static final RestartRule ALWAYS =
      new RestartRule(
          RestartRule.Policy.ALWAYS,
          Duration.ofMillis(200),
          Duration.ofSeconds(5),
          Duration.ofMinutes(10));
  static final RestartRule NEVER =
      new RestartRule(
          RestartRule.Policy.NEVER,
          Duration.ofSeconds(1),
          Duration.ofSeconds(5),
          Duration.ofMinutes(10));

  final Path folder;
  final CgroupParents cgroups;
  final List<String> happened = new CopyOnWriteArrayList<>();
  final List<ObservedAgent> changes = new CopyOnWriteArrayList<>();
  final ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor();
  final KeeperHost host;

  /** Why the host's rules are against everything that is to be started. */
  volatile Optional<String> refusal = Optional.empty();

  final KeeperSupervision supervision;
  final KeeperTasks tasks;

  Rig(Path folder, CgroupParents cgroups) throws IOException {
    this(folder, cgroups, InstantSource.system());
  }

  /**
   * @param clock the wall clock
   */
  Rig(Path folder, CgroupParents cgroups, InstantSource clock) throws IOException {
    this.folder = folder;
    this.cgroups = cgroups;
    Files.createDirectories(folder.resolve("logs"));
    host =
        KeeperHost.open(
            new SupervisionSettings(folder.resolve("run"), cgroups),
            clock,
            System::nanoTime,
            scheduler,
            new ChangingRules(),
            step -> Crash.at(step));
    supervision =
        new KeeperSupervision(
            host,
            () -> 0.5,
            new Supervision.Listener() {
              @Override
              public void changed(AgentId agent, ObservedAgent observed) {
                changes.add(observed);
              }

              @Override
              public void happened(AgentId agent, String kind, String message) {
                happened.add(kind + ": " + message);
              }
            });
    tasks = new KeeperTasks(host);
  }

  /** Those of the moment. */
  private final class ChangingRules implements HostRules {
    @Override
    public Optional<String> againstLaunch(LaunchPlan plan) {
      return refusal;
    }

    @Override
    public Optional<String> againstCommandLine(List<String> command, Optional<String> user) {
      return refusal;
    }

    @Override
    public boolean allowsProbe(InetAddress address) {
      return true;
    }
  }

  /** Every way to hold a tree together that this host and user have. */
  static Stream<CgroupParents> everyContainment() throws IOException {
    return everyContainment(ProcessHandle.current().pid());
  }

  /** The same ones as another process of this number has. */
  static Stream<CgroupParents> everyContainment(long owner) throws IOException {
    CgroupParents all = CgroupParents.below("easyagent-test-" + owner);
    if (!ownUser().equals("root")) {
      return Stream.of(CgroupParents.NONE);
    }
    return Stream.of(
            CgroupParents.NONE,
            new CgroupParents(all.unified(), Map.of()),
            new CgroupParents(Optional.empty(), all.legacy()),
            all)
        .distinct();
  }

  /** The same containment in folders that no other test has. */
  static CgroupParents apart(CgroupParents containment) {
    String own = "-" + UUID.randomUUID();
    Map<String, Path> legacy = new TreeMap<>(containment.legacy());
    legacy.replaceAll((_, folder) -> beside(folder, own));
    return new CgroupParents(containment.unified().map(folder -> beside(folder, own)), legacy);
  }

  private static Path beside(Path folder, String suffix) {
    return folder.resolveSibling(folder.getFileName() + suffix);
  }

  static String ownUser() {
    return System.getProperty("user.name");
  }

  static Limits memory(long bytes) {
    return new Limits(
        OptionalDouble.empty(),
        OptionalLong.of(bytes),
        OptionalLong.empty(),
        OptionalLong.empty(),
        OptionalLong.empty(),
        OptionalLong.empty());
  }

  static AgentDefinition definition(AgentType type, RestartRule restart) {
    return definition(type, restart, Limits.NONE);
  }

  static AgentDefinition definition(AgentType type, RestartRule restart, Limits limits) {
    return new AgentDefinition(
        "test-agent",
        type,
        Optional.empty(),
        ownUser(),
        List.of("unused"),
        Map.of(),
        List.of(),
        Optional.empty(),
        Optional.empty(),
        restart,
        new StopRule("TERM", Duration.ofSeconds(2)),
        limits,
        new LogRule(1 << 20, 3),
        Optional.empty(),
        Optional.empty());
  }

  /** Started again after a failure only; these ends are none. */
  static RestartRule onFailure(SuccessfulEnds success) {
    return new RestartRule(
        RestartRule.Policy.ON_FAILURE,
        Duration.ofMillis(200),
        Duration.ofSeconds(5),
        Duration.ofMinutes(10),
        success);
  }

  static AgentDefinition with(
      AgentDefinition base,
      String user,
      Optional<Readiness> ready,
      Optional<HealthCheck> health,
      Limits limits) {
    return new AgentDefinition(
        base.name(),
        base.type(),
        base.packageReference(),
        user,
        base.command(),
        base.environment(),
        base.files(),
        ready,
        health,
        base.restart(),
        base.stop(),
        limits,
        base.logs(),
        base.install(),
        base.uninstall());
  }

  LaunchPlan plan(AgentDefinition definition, String... command) {
    return new LaunchPlan(
        definition,
        List.of(command),
        Map.of("PATH", "/usr/bin:/bin", "GREETING", "it's \"quoted\" $HOME\nsecond line"),
        Path.of("/tmp"),
        folder.resolve("logs"),
        Redaction.NONE);
  }

  LaunchPlan shell(AgentDefinition definition, String script) {
    return plan(definition, "/bin/sh", "-c", script);
  }

  static AgentId newAgent() {
    return new AgentId(UUID.randomUUID());
  }

  static <T> T get(CompletionStage<T> stage) {
    try {
      return stage.toCompletableFuture().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    } catch (InterruptedException | ExecutionException | TimeoutException failure) {
      throw new AssertionError(failure);
    }
  }

  void awaitState(AgentId agent, ObservedAgent.State state) {
    Eventually.await(
        PATIENCE, agent + " is " + state, () -> supervision.observe(agent).state() == state);
  }

  String log() throws IOException {
    Path file = folder.resolve("logs").resolve("test-agent.log");
    return Files.exists(file) ? Files.readString(file) : "";
  }

  /** Processes that carry this marker in their arguments. */
  static List<Long> running(String marker) {
    return ProcessHandle.allProcesses()
        .filter(process -> {
          try {
            return Files.readString(Path.of("/proc", Long.toString(process.pid()), "cmdline"))
                    .contains(marker)
                && !Files.readString(Path.of("/proc", Long.toString(process.pid()), "stat"))
                    .contains(") Z ");
          } catch (IOException gone) {
            return false;
          }
        })
        .map(ProcessHandle::pid)
        .toList();
  }

  /** A word that no other process of this machine has in its arguments. */
  static String marker() {
    return "marker-" + UUID.randomUUID();
  }

  @Override
  public void close() throws IOException {
    supervision.close();
    tasks.close();
    host.close();
    scheduler.shutdownNow();
  }

  /**
   * Removes the cgroups that a test has made. What it has left in them fails it, and is ended, so
   * that the tests after it fail for reasons of their own only.
   */
  static void removeCgroups(CgroupParents cgroups) throws IOException {
    for (Path parent : cgroups.all().filter(Files::exists).toList()) {
      for (Path folder : foldersIn(parent)) {
        AgentCgroup cgroup = new AgentCgroup(cgroups, folder.getFileName().toString());
        try {
          Eventually.await(PATIENCE, "the cgroup is empty: " + folder, () -> isRemoved(cgroup));
        } catch (AssertionError leftBehind) {
          Eventually.await(PATIENCE, "its processes end: " + folder, () -> isEnded(cgroup));
          throw leftBehind;
        }
      }
      Files.delete(parent);
    }
  }

  private static List<Path> foldersIn(Path parent) throws IOException {
    try (Stream<Path> entries = Files.list(parent)) {
      return entries.filter(Files::isDirectory).toList();
    }
  }

  private static boolean isRemoved(AgentCgroup cgroup) {
    cgroup.remove();
    return !cgroup.exists();
  }

  private static boolean isEnded(AgentCgroup cgroup) throws IOException {
    cgroup.freeze(true);
    for (int pid : cgroup.pids()) {
      ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
    }
    cgroup.freeze(false);
    return isRemoved(cgroup);
  }
}
