package io.easyagent.sidecar.supervise;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.easyagent.sidecar.agent.AgentDefinition;
import io.easyagent.sidecar.agent.AgentId;
import io.easyagent.sidecar.agent.AgentType;
import io.easyagent.sidecar.agent.DesiredState;
import io.easyagent.sidecar.agent.Limits;
import io.easyagent.sidecar.agent.ObservedAgent;
import io.easyagent.sidecar.agent.RestartRule;
import io.easyagent.sidecar.linux.Proc;
import io.easyagent.sidecar.linux.ProcStat;
import io.easyagent.sidecar.supervise.Supervision.StartResult;
import io.easyagent.testkit.Eventually;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Where there are cgroups, a keeper waits in a running agent's for its successor. */
@Execution(ExecutionMode.CONCURRENT)
// Only root has cgroups here.
@ParameterizedClass(allowZeroInvocations = true)
@MethodSource("withCgroups")
class StandbyIT {
  private static final AgentDefinition SERVICE =
      Rig.definition(
          AgentType.SERVICE,
          new RestartRule(
              RestartRule.Policy.ALWAYS,
              Duration.ofMillis(200),
              Duration.ofSeconds(5),
              Duration.ofMillis(1)));

  @TempDir private Path folder;
  private final CgroupParents cgroups;
  private final AgentId agent = Rig.newAgent();
  private final String marker = Rig.marker();
  private final Proc proc = new Proc();
  private Rig rig;

  StandbyIT(CgroupParents cgroups) {
    this.cgroups = Rig.apart(cgroups);
  }

  static Stream<CgroupParents> withCgroups() throws IOException {
    return Rig.everyContainment().filter(parents -> !parents.equals(CgroupParents.NONE));
  }

  @BeforeEach
  void open() throws IOException {
    rig = new Rig(folder, cgroups);
  }

  @AfterEach
  void leaveNothing() throws IOException {
    if (isSupervised()) {
      Rig.get(rig.supervision.stop(agent));
    }
    rig.close();
    Rig.removeCgroups(cgroups);
    Eventually.await(Rig.PATIENCE, "nothing runs", () -> Rig.running(marker).isEmpty());
  }

  private boolean isSupervised() {
    try {
      return rig.supervision.observe(agent).pid().orElse(1) > 0;
    } catch (IllegalArgumentException never) {
      return false;
    }
  }

  private int start(AgentDefinition definition) {
    rig.supervision.supervise(agent, plan(definition), DesiredState.STOPPED);
    return assertInstanceOf(StartResult.Started.class, Rig.get(rig.supervision.start(agent))).pid();
  }

  private LaunchPlan plan(AgentDefinition definition) {
    return rig.shell(definition, alone("echo up"));
  }

  /** One process, which goes on for ever. */
  private String alone(String first) {
    return "%s; [ -p %2$s ] || mkfifo %2$s; read line <%2$s # %3$s"
        .formatted(first, folder.resolve("pipe"), marker);
  }

  private AgentCgroup cgroup() {
    return new AgentCgroup(cgroups, agent.toString());
  }

  private Set<Integer> keepers() {
    return keepers(agent);
  }

  /** What is in the cgroup and does not belong to the agent. */
  private Set<Integer> keepers(AgentId of) {
    try {
      return new AgentCgroup(cgroups, of.toString())
          .pids().stream()
              .filter(pid -> !rig.supervision.processes(of).contains(pid))
              .filter(pid -> proc.findStat(pid).filter(stat -> !stat.hasEnded()).isPresent())
              .collect(Collectors.toSet());
    } catch (IOException failure) {
      throw new AssertionError(failure);
    }
  }

  private int awaitKeeper() {
    Eventually.await(Rig.PATIENCE, "a keeper waits", () -> keepers().size() == 1);
    return keepers().iterator().next();
  }

  private int crashed(int pid) {
    ProcessHandle.of(pid).orElseThrow().destroyForcibly();
    return awaitSuccessor(pid);
  }

  private int awaitSuccessor(int before) {
    Eventually.await(
        Rig.PATIENCE,
        "a successor",
        () -> {
          int now = rig.supervision.observe(agent).pid().orElse(before);
          return now != before
              && rig.supervision.observe(agent).state() == ObservedAgent.State.RUNNING;
        });
    return rig.supervision.observe(agent).pid().orElseThrow();
  }

  private int parent(int pid) {
    return proc.findStat(pid).map(ProcStat::parent).orElseThrow();
  }

  @Test
  void theSuccessorOfACrashIsTheKeepersThatWaited() {
    int first = start(SERVICE);
    int keeper = awaitKeeper();
    assertNotEquals(parent(first), keeper);

    int second = crashed(first);
    assertEquals(keeper, parent(second));

    int next = awaitKeeper();
    assertEquals(next, parent(crashed(second)));
  }

  @Test
  void whatWaitsShowsNothingOfTheAgent() throws IOException {
    start(SERVICE);
    Path process = Path.of("/proc", Integer.toString(awaitKeeper()));
    for (String file : Set.of("cmdline", "environ")) {
      String text = Files.readString(process.resolve(file));
      assertEquals(-1, text.indexOf(marker), text);
      assertEquals(-1, text.indexOf("GREETING"), text);
    }
  }

  @Test
  void aStopLeavesNoneAndAStartHasOneAgain() throws IOException {
    start(SERVICE);
    awaitKeeper();
    Rig.get(rig.supervision.stop(agent));
    assertEquals(Set.of(), cgroup().pids());

    Rig.get(rig.supervision.start(agent));
    awaitKeeper();
  }

  @Test
  void withoutItARestartTakesALittleLonger() {
    int first = start(SERVICE);
    int keeper = awaitKeeper();
    ProcessHandle.of(keeper).orElseThrow().destroyForcibly();
    Eventually.await(Rig.PATIENCE, "it is gone", () -> keepers().isEmpty());

    int second = crashed(first);

    assertNotEquals(keeper, parent(second));
    assertEquals(1, rig.supervision.observe(agent).restarts());
  }

  /** Where the kernel kills a whole cgroup at once, the keeper is killed with it. */
  @Test
  void whatACrashLeavesBehindIsEndedBeforeTheSuccessorStarts() {
    rig.supervision.supervise(
        agent, rig.shell(SERVICE, "sleep 1000 & wait # " + marker), DesiredState.STOPPED);
    int first =
        assertInstanceOf(StartResult.Started.class, Rig.get(rig.supervision.start(agent))).pid();
    awaitKeeper();
    int second = crashed(first);
    assertEquals(1, rig.supervision.observe(agent).restarts());
    assertEquals(2, rig.supervision.processes(agent).size());
    assertTrue(rig.supervision.processes(agent).contains(second));
    awaitKeeper();
  }

  /** The keeper that waits has the one that was there when it began. */
  @Test
  void aLogThatWasReplacedGetsTheSuccessorsOutput() throws IOException {
    int first = start(SERVICE);
    int keeper = awaitKeeper();
    Path log = folder.resolve("logs").resolve("test-agent.log");
    Files.move(log, folder.resolve("elsewhere"));

    assertNotEquals(keeper, parent(crashed(first)));

    Eventually.await(Rig.PATIENCE, "its output", () -> rig.log().equals("up\n"));
    assertEquals("up\n", Files.readString(folder.resolve("elsewhere")));
  }

  /** What runs keeps the limits that it was started with. */
  @Test
  void anotherPlanHoldsForTheSuccessor() {
    int first = start(SERVICE);
    int before = awaitKeeper();
    Optional<Long> unlimited = memoryLimit();
    rig.supervision.plan(
        agent,
        rig.shell(
            Rig.definition(AgentType.SERVICE, SERVICE.restart(), Rig.memory(64 << 20)),
            alone("echo changed")));
    Eventually.await(
        Rig.PATIENCE, "another keeper", () -> keepers().size() == 1 && !keepers().contains(before));
    assertEquals(unlimited, memoryLimit());
    crashed(first);
    Eventually.await(Rig.PATIENCE, "its output", () -> rig.log().endsWith("changed\n"));
    assertEquals(unlimited.map(_ -> 64L << 20), memoryLimit());
  }

  /** Empty where this host has no controller for us. */
  private Optional<Long> memoryLimit() {
    return Optional.ofNullable(cgroups.legacy().get("memory"))
        .map(parent -> parent.resolve(agent.toString()).resolve("memory.limit_in_bytes"))
        .map(file -> {
          try {
            return Long.valueOf(Files.readString(file).strip());
          } catch (IOException failure) {
            throw new AssertionError(failure);
          }
        });
  }

  /** It would be one of them. */
  @Test
  void anAgentWhoseTasksAreLimitedHasAllOfThem() {
    Limits tasks =
        new Limits(
            OptionalDouble.empty(),
            OptionalLong.empty(),
            OptionalLong.of(10),
            OptionalLong.empty());
    start(Rig.definition(AgentType.SERVICE, SERVICE.restart(), tasks));
    awaitAnothersKeeper();
    assertEquals(Set.of(), keepers(agent));
  }

  @Test
  void oneThatIsNotStartedAgainHasNone() {
    start(Rig.definition(AgentType.SERVICE, Rig.NEVER));
    awaitAnothersKeeper();
    assertEquals(Set.of(), keepers(agent));
  }

  /** Of one that has begun to run later. */
  private void awaitAnothersKeeper() {
    AgentId another = Rig.newAgent();
    rig.supervision.supervise(
        another, rig.shell(SERVICE, "sleep 1000 & wait # " + marker), DesiredState.STOPPED);
    Rig.get(rig.supervision.start(another));
    Eventually.await(Rig.PATIENCE, "another's keeper", () -> keepers(another).size() == 1);
    Rig.get(rig.supervision.stop(another));
  }
}
