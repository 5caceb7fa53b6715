package io.easyagent.sidecar.supervise;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.easyagent.sidecar.agent.AgentId;
import io.easyagent.sidecar.agent.AgentType;
import io.easyagent.sidecar.agent.DesiredState;
import io.easyagent.sidecar.agent.Hook;
import io.easyagent.sidecar.agent.Hooks;
import io.easyagent.sidecar.agent.ObservedAgent;
import io.easyagent.sidecar.supervise.Supervision.StartResult;
import io.easyagent.testkit.Eventually;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Programs that need more memory than they may have, on the hierarchy that this host has. */
class OutOfMemoryIT {
  private static final long LIMIT = 32 << 20;

  /** Touches all of a buffer of that size; ends by itself where nothing bounds it. */
  private static final String EATER = "dd if=/dev/zero of=/dev/null bs=200M count=1";

  @TempDir private Path folder;
  private final UUID id = UUID.randomUUID();
  private final AgentId agent = new AgentId(id);
  private final String marker = Rig.marker();
  private final int containment = withMemory();
  private Rig rig;

  /** The first containment that bounds memory. */
  private static int withMemory() {
    try {
      List<CgroupParents> all = Rig.everyContainment().toList();
      for (int each = 0; each < all.size(); each++) {
        boolean unified =
            all.get(each)
                .unified()
                .filter(
                    parent -> AgentCgroup.controllers(parent.resolveSibling("")).contains("memory"))
                .isPresent();
        if (unified || all.get(each).legacy().containsKey("memory")) {
          return each;
        }
      }
      throw new AssertionError("no cgroup controller for memory (expected: on this host, for us)");
    } catch (IOException failure) {
      throw new AssertionError(failure);
    }
  }

  @BeforeEach
  void limit() throws IOException {
    Files.writeString(folder.resolve("memory"), Long.toString(LIMIT));
  }

  @AfterEach
  void leaveNothing() throws IOException {
    Rig.get(rig.supervision.stop(agent));
    rig.close();
    Rig.removeCgroups(rig.cgroups);
    Eventually.await(Rig.PATIENCE, "nothing runs", () -> Rig.running(marker).isEmpty());
  }

  private void open() throws IOException {
    rig = new Rig(folder, SecondSidecar.containment(containment, ProcessHandle.current().pid()));
  }

  private LaunchPlan plan(String script) {
    return SecondSidecar.plan(rig, script + " # " + marker);
  }

  @Test
  void aMainProcessOverItsLimitIsToldSo() throws IOException {
    open();
    rig.supervision.supervise(agent, plan("exec " + EATER), DesiredState.STOPPED);
    StartResult result = Rig.get(rig.supervision.start(agent));
    String cause = assertInstanceOf(StartResult.DidNotStart.class, result).cause();
    assertTrue(cause.startsWith("out of memory: limit 32MiB, after "), cause);
    assertEquals(cause, rig.supervision.observe(agent).cause());
    assertTrue(rig.happened.contains("exited: " + cause), rig.happened.toString());
  }

  @Test
  void itIsToldAlsoWhenNobodyWatched() throws Exception {
    Path go = folder.resolve("go");
    Path up = folder.resolve("up");
    String script =
        "touch " + up + "; while [ ! -e " + go + " ]; do sleep 0.02; done; exec " + EATER;
    Process second =
        SecondSidecar.start(
            SecondSidecar.AGENT,
            folder,
            id,
            script + " # " + marker,
            containment,
            Optional.empty());
    try {
      Eventually.await(Rig.PATIENCE, "it runs", () -> Files.exists(up));
      Eventually.await(
          Rig.PATIENCE,
          "its process is known",
          () -> Files.exists(folder.resolve("run").resolve(id.toString()).resolve("child")));
    } finally {
      second.destroyForcibly().waitFor();
    }
    Files.createFile(go);
    Eventually.await(Rig.PATIENCE, "it has ended", () -> Rig.running(marker).isEmpty());
    Eventually.await(Rig.PATIENCE, "it has ended", () -> Rig.running("bs=200M").isEmpty());
    open();
    rig.supervision.supervise(agent, plan(script), DesiredState.RUNNING);
    rig.awaitState(agent, ObservedAgent.State.EXITED);
    assertEquals(
        List.of("exited: while the sidecar was away: out of memory: limit 32MiB"), rig.happened);
  }

  @Test
  void aKillOfAnotherProcessIsToldAndShownUntilTheNextStart() throws IOException {
    open();
    rig.supervision.supervise(agent, plan(EATER + "; sleep 1000 & wait"), DesiredState.STOPPED);
    assertInstanceOf(StartResult.Started.class, Rig.get(rig.supervision.start(agent)));
    String shown = "out of memory: 1 process of it killed since its start (limit 32MiB)";
    Eventually.await(
        Rig.PATIENCE,
        "it is shown",
        () -> rig.supervision.observe(agent).conditions().contains(shown));
    assertEquals(ObservedAgent.State.RUNNING, rig.supervision.observe(agent).state());
    assertTrue(
        rig.happened.contains(
            "out-of-memory: out of memory: limit 32MiB: 1 process of it killed, not its main"
                + " process"),
        rig.happened.toString());
    Rig.get(rig.supervision.stop(agent));
    assertEquals(List.of(), rig.supervision.observe(agent).conditions());
  }

  @Test
  void aHookOverTheLimitIsToldSoToo() throws IOException {
    open();
    List<String> command = new ArrayList<>(List.of("/bin/dd", "if=/dev/zero", "of=/dev/null"));
    command.addAll(List.of("bs=200M", "count=1"));
    rig.supervision.supervise(
        agent,
        rig.shell(
            Rig.definition(AgentType.SERVICE, Rig.NEVER, Rig.memory(LIMIT))
                .with(
                    new Hooks(
                        Optional.of(new Hook(command, Duration.ofSeconds(20))), Optional.empty())),
            "sleep 1000"),
        DesiredState.STOPPED);
    StartResult result = Rig.get(rig.supervision.start(agent));
    String cause = assertInstanceOf(StartResult.DidNotStart.class, result).cause();
    assertTrue(cause.startsWith("preStart: out of memory: limit 32MiB, after "), cause);
  }

  @Test
  void aKillBySomebodyIsNone() throws IOException {
    open();
    rig.supervision.supervise(agent, plan("sleep 1000 & wait"), DesiredState.STOPPED);
    StartResult.Started started =
        assertInstanceOf(StartResult.Started.class, Rig.get(rig.supervision.start(agent)));
    ProcessHandle.of(started.pid()).ifPresent(ProcessHandle::destroyForcibly);
    rig.awaitState(agent, ObservedAgent.State.EXITED);
    String cause = rig.supervision.observe(agent).cause();
    assertTrue(cause.startsWith("ended by SIGKILL after "), cause);
  }
}
