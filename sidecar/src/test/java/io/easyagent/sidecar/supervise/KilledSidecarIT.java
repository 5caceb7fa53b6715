package io.easyagent.sidecar.supervise;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.easyagent.sidecar.agent.AgentId;
import io.easyagent.sidecar.agent.DesiredState;
import io.easyagent.sidecar.agent.ObservedAgent;
import io.easyagent.sidecar.linux.Proc;
import io.easyagent.sidecar.linux.ProcStat;
import io.easyagent.sidecar.process.ProcessEnd;
import io.easyagent.testkit.Eventually;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** A sidecar is killed with -9 at every point of a launch and after it; the next one adopts. */
@ParameterizedClass
@MethodSource("containments")
class KilledSidecarIT {
  @TempDir private Path folder;
  private final int containment;
  private final UUID id = UUID.randomUUID();
  private final AgentId agent = new AgentId(id);
  private final String marker = Rig.marker();
  private Optional<Rig> opened = Optional.empty();

  KilledSidecarIT(int containment) {
    this.containment = containment;
  }

  static Stream<Integer> containments() throws IOException {
    return IntStream.range(0, (int) Rig.everyContainment().count()).boxed();
  }

  @AfterEach
  void leaveNothing() throws IOException {
    Rig rig = opened.orElseThrow();
    try {
      Rig.get(rig.supervision.stop(agent));
    } catch (IllegalArgumentException aTaskWasRun) {
      rig.tasks.find(id).ifPresent(Tasks.Task::clear);
    }
    rig.close();
    Rig.removeCgroups(rig.cgroups);
    assertEquals(List.of(), Rig.running(marker));
  }

  private Rig nextLife() throws IOException {
    Rig rig =
        new Rig(folder, SecondSidecar.containment(containment, ProcessHandle.current().pid()));
    opened = Optional.of(rig);
    return rig;
  }

  private Path witness() {
    return folder.resolve("witness");
  }

  private List<String> witnessed() throws IOException {
    return Files.exists(witness()) ? Files.readAllLines(witness()) : List.of();
  }

  private String agentScript() {
    return "echo $$ >> " + witness() + "; while :; do sleep 1; done # " + marker;
  }

  private void crash(String kind, String script, LaunchStep step) throws Exception {
    Process second = SecondSidecar.start(kind, folder, id, script, containment, Optional.of(step));
    assertTrue(second.waitFor(30, TimeUnit.SECONDS), "the sidecar is gone");
    assertEquals(137, second.exitValue(), Files.readString(folder.resolve("second.err")));
  }

  private void killOnceWitnessed(String kind, String script) throws Exception {
    Process second = SecondSidecar.start(kind, folder, id, script, containment, Optional.empty());
    try {
      Eventually.await(Rig.PATIENCE, "it was launched", () -> !witnessed().isEmpty());
      Path child = folder.resolve("run");
      Eventually.await(
          Rig.PATIENCE,
          "its child is known",
          () -> {
            try (Stream<Path> files = Files.walk(child)) {
              return files.anyMatch(file -> file.endsWith("child"));
            }
          });
    } finally {
      second.destroyForcibly().waitFor();
    }
  }

  @ParameterizedTest
  @EnumSource
  void anAgentRunsExactlyOnceWhereverItsLaunchWasCut(LaunchStep step) throws Exception {
    crash(SecondSidecar.AGENT, agentScript(), step);
    Rig rig = nextLife();
    rig.supervision.supervise(agent, SecondSidecar.plan(rig, agentScript()), DesiredState.RUNNING);
    rig.awaitState(agent, ObservedAgent.State.RUNNING);
    Eventually.await(Rig.PATIENCE, "it was witnessed", () -> !witnessed().isEmpty());
    int pid = rig.supervision.observe(agent).pid().orElseThrow();
    assertEquals(List.of(Integer.toString(pid)), witnessed());
    boolean adopted = rig.happened.stream().anyMatch(line -> line.startsWith("adopted"));
    assertEquals(step.compareTo(LaunchStep.RELEASED) >= 0, adopted, rig.happened.toString());
  }

  @ParameterizedTest
  @EnumSource
  void aTaskRunsAtMostOnceWhereverItsLaunchWasCut(LaunchStep step) throws Exception {
    String script = "echo $$ >> " + witness() + "; exit 7";
    crash(SecondSidecar.TASK, script, step);
    Rig rig = nextLife();
    ProcessEnd end = Rig.get(rig.tasks.run(id, SecondSidecar.taskPlan(script)).end()).processEnd();
    switch (step) {
      case KEEPER_STARTED, RELEASED, CHILD_KNOWN -> {
        assertEquals(new ProcessEnd.Exited(7), end);
        assertEquals(1, witnessed().size());
      }
      case RECORDED -> {
        assertEquals(new ProcessEnd.Unknown("the sidecar ended while it was launched"), end);
        assertEquals(List.of(), witnessed());
      }
    }
  }

  /** The clock of the next life shows the same moment again. */
  @ParameterizedTest
  @EnumSource
  void aRunHappensAtMostOnceWhereverItsLaunchWasCut(LaunchStep step) throws Exception {
    crash(SecondSidecar.SCHEDULED, agentScript(), step);
    Rig rig =
        new Rig(
            folder,
            SecondSidecar.containment(containment, ProcessHandle.current().pid()),
            new SetClock(SecondSidecar.DUE.minusMillis(500)));
    opened = Optional.of(rig);
    rig.supervision.supervise(
        agent, SecondSidecar.scheduledPlan(rig, agentScript()), DesiredState.RUNNING);
    if (step.compareTo(LaunchStep.RELEASED) >= 0) {
      rig.awaitState(agent, ObservedAgent.State.RUNNING);
      Eventually.await(Rig.PATIENCE, "it was witnessed", () -> !witnessed().isEmpty());
      int pid = rig.supervision.observe(agent).pid().orElseThrow();
      assertEquals(List.of(Integer.toString(pid)), witnessed());
      ProcessHandle.of(pid).orElseThrow().destroyForcibly();
    }
    rig.awaitState(agent, ObservedAgent.State.WAITING);
    ObservedAgent waiting = rig.supervision.observe(agent);
    assertEquals(
        Optional.of(SecondSidecar.DUE.plus(Duration.ofDays(1))), waiting.nextRun(), waiting::cause);
    assertTrue(waiting.cause().startsWith("last run 2026-01-10 02:10: "), waiting::cause);
    assertEquals(step.compareTo(LaunchStep.RELEASED) >= 0 ? 1 : 0, witnessed().size());
  }

  @Test
  void anAgentOutlivesItsSidecarAndKeepsItsPid() throws Exception {
    killOnceWitnessed(SecondSidecar.AGENT, agentScript());
    Rig rig = nextLife();
    rig.supervision.supervise(agent, SecondSidecar.plan(rig, agentScript()), DesiredState.RUNNING);
    rig.awaitState(agent, ObservedAgent.State.RUNNING);
    assertEquals(
        witnessed(), List.of(Integer.toString(rig.supervision.observe(agent).pid().orElseThrow())));
  }

  @Test
  void aKeeperThatWaitsEndsWithItsSidecar() throws Exception {
    CgroupParents cgroups = SecondSidecar.containment(containment, ProcessHandle.current().pid());
    int waiting = cgroups.equals(CgroupParents.NONE) ? 0 : 1;
    AgentCgroup cgroup = new AgentCgroup(cgroups, id.toString());
    Process second =
        SecondSidecar.start(
            SecondSidecar.RESTARTED, folder, id, agentScript(), containment, Optional.empty());
    try {
      Eventually.await(Rig.PATIENCE, "it was launched", () -> !witnessed().isEmpty());
      // Of the agent's own shell nothing is in a cgroup where there is none.
      Eventually.await(Rig.PATIENCE, "a keeper waits", () -> shells(cgroup).size() == 2 * waiting);
    } finally {
      second.destroyForcibly().waitFor();
    }
    Eventually.await(Rig.PATIENCE, "the keeper is gone", () -> shells(cgroup).size() == waiting);

    Rig rig = nextLife();
    rig.supervision.supervise(agent, SecondSidecar.plan(rig, agentScript()), DesiredState.RUNNING);
    rig.awaitState(agent, ObservedAgent.State.RUNNING);
    assertEquals(
        witnessed(), List.of(Integer.toString(rig.supervision.observe(agent).pid().orElseThrow())));
  }

  private static List<Integer> shells(AgentCgroup cgroup) throws IOException {
    Proc proc = new Proc();
    return cgroup.pids().stream()
        .flatMap(pid -> proc.findStat(pid).stream())
        .filter(stat -> stat.command().equals("sh") && !stat.hasEnded())
        .map(ProcStat::pid)
        .toList();
  }

  /** As on a disk that has become full once it was told to go. */
  @Test
  void anAgentWhoseProcessCouldNotBeWrittenDownRunsAndIsFoundAgain() throws Exception {
    Files.createDirectories(folder.resolve("run").resolve(id.toString()).resolve("child.new"));
    Process second =
        SecondSidecar.start(
            SecondSidecar.AGENT, folder, id, agentScript(), containment, Optional.empty());
    try {
      Eventually.await(Rig.PATIENCE, "it was launched", () -> !witnessed().isEmpty());
      Eventually.await(
          Rig.PATIENCE,
          "the failure is in the log",
          () -> Files.readString(folder.resolve("second.err")).contains("was not written down"));
    } finally {
      second.destroyForcibly().waitFor();
    }
    Rig rig = nextLife();
    rig.supervision.supervise(agent, SecondSidecar.plan(rig, agentScript()), DesiredState.RUNNING);
    rig.awaitState(agent, ObservedAgent.State.RUNNING);
    assertEquals(
        witnessed(), List.of(Integer.toString(rig.supervision.observe(agent).pid().orElseThrow())));
  }

  @Test
  void theExactEndOfWhatEndedWhileNobodyWatchedIsTold() throws Exception {
    Path go = folder.resolve("go");
    String script =
        "echo $$ >> "
            + witness()
            + "; while [ ! -e "
            + go
            + " ]; do sleep 0.02; done; exit 143 # "
            + marker;
    killOnceWitnessed(SecondSidecar.AGENT, script);
    Files.createFile(go);
    Eventually.await(Rig.PATIENCE, "it has ended", () -> Rig.running(marker).isEmpty());
    Rig rig = nextLife();
    rig.supervision.supervise(agent, SecondSidecar.plan(rig, script), DesiredState.RUNNING);
    rig.awaitState(agent, ObservedAgent.State.EXITED);
    assertTrue(
        rig.happened.contains("exited: while the sidecar was away: exit 143"),
        rig.happened.toString());
    assertEquals(1, witnessed().size());

    Eventually.await(
        Rig.PATIENCE,
        "that it was told is written down",
        () -> Files.exists(folder.resolve("run").resolve(agent.toString()).resolve("told")));
    rig.close();
    Rig third = nextLife();
    third.supervision.supervise(agent, SecondSidecar.plan(third, script), DesiredState.RUNNING);
    third.awaitState(agent, ObservedAgent.State.EXITED);
    assertEquals(List.of(), third.happened);
    var unused = Rig.get(third.supervision.start(agent));
    third.awaitState(agent, ObservedAgent.State.EXITED);
    assertTrue(third.happened.stream().anyMatch(line -> line.startsWith("exited: exit 143")));
  }

  @Test
  void aSidecarThatFindsItsAgentToBeStoppedStopsIt() throws Exception {
    killOnceWitnessed(SecondSidecar.AGENT, agentScript());
    Rig rig = nextLife();
    rig.supervision.supervise(agent, SecondSidecar.plan(rig, agentScript()), DesiredState.STOPPED);
    rig.awaitState(agent, ObservedAgent.State.STOPPED);
    assertEquals(List.of(), Rig.running(marker));
  }

  @Test
  void anAgentWhoseKeeperIsGoneTooIsAdopted() throws Exception {
    killOnceWitnessed(SecondSidecar.AGENT, agentScript());
    ProcessHandle main = ProcessHandle.of(Long.parseLong(witnessed().getFirst())).orElseThrow();
    ProcessHandle keeper = main.parent().orElseThrow();
    keeper.destroyForcibly();
    Eventually.await(
        Rig.PATIENCE,
        "the keeper is gone",
        () -> main.parent().map(ProcessHandle::pid).orElse(0L) != keeper.pid());
    Rig rig = nextLife();
    rig.supervision.supervise(agent, SecondSidecar.plan(rig, agentScript()), DesiredState.RUNNING);
    rig.awaitState(agent, ObservedAgent.State.RUNNING);
    assertEquals(1, witnessed().size());
  }
}
