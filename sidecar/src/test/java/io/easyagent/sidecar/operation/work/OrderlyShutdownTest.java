package io.easyagent.sidecar.operation.work;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.easyagent.sidecar.agent.AgentId;
import io.easyagent.sidecar.agent.AgentRecord;
import io.easyagent.sidecar.agent.DesiredState;
import io.easyagent.sidecar.agent.Hook;
import io.easyagent.sidecar.agent.Hooks;
import io.easyagent.sidecar.journal.JournalEntry;
import io.easyagent.sidecar.operation.Command;
import io.easyagent.sidecar.operation.Operations.Intake;
import io.easyagent.sidecar.prepare.SampleDefinitions;
import io.easyagent.sidecar.supervise.FakeSupervision.Call;
import io.easyagent.sidecar.supervise.Supervision.StopResult;
import io.easyagent.testkit.Eventually;
import java.io.IOException;
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

/** The order in which a boot starts agents, and the machine's end stops them. */
class OrderlyShutdownTest {
  private static final AgentId FIRST = new AgentId(new UUID(1, 1));
  private static final AgentId SECOND = new AgentId(new UUID(1, 2));
  private static final AgentId THIRD = new AgentId(new UUID(1, 3));
  private static final AgentId IDLE = new AgentId(new UUID(1, 4));

  @TempDir Path folder;
  private TestHost host;
  private final List<String> told = new ArrayList<>();

  @BeforeEach
  void open() throws Exception {
    host = new TestHost(folder);
    host.disk.append(_ ->
        List.of(
            kept(FIRST, "first", DesiredState.RUNNING),
            kept(SECOND, "second", DesiredState.RUNNING),
            kept(THIRD, "third", DesiredState.RUNNING),
            kept(IDLE, "idle", DesiredState.STOPPED)));
  }

  @AfterEach
  void close() throws IOException {
    host.close();
  }

  @Test
  void agentsAreStoppedOneByOneTheLastOneFirstAndAreStillDesired() {
    host.start();
    assertTrue(host.shutdown().run(told::add));

    assertEquals(List.of(IDLE, THIRD, SECOND, FIRST), stopped());
    assertEquals(
        List.of(
            "stopping third (grace 30 s)",
            "stopped  third",
            "stopping second (grace 30 s)",
            "stopped  second",
            "stopping first (grace 30 s)",
            "stopped  first",
            "3 agents stopped; the next start of the sidecar starts what is to run"),
        told);
    host.disk.state().agents().sequencedValues().stream()
        .limit(3)
        .forEach(agent -> assertEquals(DesiredState.RUNNING, agent.desired()));
  }

  @Test
  void theNextIsStoppedOnlyWhenTheOneBeforeIsGone() throws Exception {
    host.start();
    host.processes.hold(SECOND);
    Thread run = Thread.ofVirtual().start(() -> host.shutdown().run(told::add));
    Eventually.await(
        TestHost.SOON, "the second is being stopped", () -> stopped().contains(SECOND));
    assertFalse(stopped().contains(FIRST));
    host.processes.release(SECOND);
    run.join(TestHost.SOON);
    assertEquals(FIRST, stopped().getLast());
  }

  @Test
  void whatIsLeftIsSaidAndTheOthersAreStopped() {
    host.start();
    host.processes.scriptStop(SECOND, new StopResult.DidNotStop("process 7 is left"));
    assertFalse(host.shutdown().run(told::add));
    assertTrue(told.contains("LEFT     second: process 7 is left"), told::toString);
    assertEquals(FIRST, stopped().getLast());
  }

  @Test
  void itMayTakeAsLongAsAllGracesTogether() {
    host.start();
    assertTrue(host.shutdown().longest().compareTo(Duration.ofSeconds(4 * 30)) > 0);
  }

  @Test
  void itMayTakeAsLongAsAPostStopToo() throws Exception {
    Hook slow = new Hook(List.of("/bin/true"), Duration.ofHours(1));
    host.disk.append(_ ->
        List.of(
            kept(
                FIRST,
                "first",
                DesiredState.RUNNING,
                new Hooks(Optional.empty(), Optional.of(slow)))));
    host.start();
    assertTrue(host.shutdown().longest().compareTo(Duration.ofHours(1).plusSeconds(4 * 30)) > 0);
  }

  @Test
  void noCommandIsTakenAfterwards() {
    JournalledOperations operations = host.start();
    host.shutdown().run(told::add);
    Intake intake = operations.take(host.command(new Command.Start(FIRST)));
    assertInstanceOf(Intake.Refused.class, intake);
    assertEquals(FIRST, stopped().getLast());
  }

  @Test
  void aBootStartsTheNextWhenTheOneBeforeIsUp() {
    host.processes.unsettle(SECOND);
    host.start();
    Eventually.await(
        TestHost.SOON,
        "the second's turn",
        () -> host.processes.turns().equals(List.of(FIRST, SECOND)));
    host.processes.settle(SECOND);
    Eventually.await(
        TestHost.SOON,
        "the others' turns",
        () -> host.processes.turns().equals(List.of(FIRST, SECOND, THIRD, IDLE)));
  }

  @Test
  void aShutdownDuringABootStartsNothingMore() {
    host.processes.boot();
    host.processes.unsettle(FIRST);
    host.start();
    Eventually.await(
        TestHost.SOON, "the first's turn", () -> host.processes.turns().equals(List.of(FIRST)));

    assertTrue(host.shutdown().run(told::add));
    host.processes.settle(FIRST);
    assertEquals(List.of(IDLE, THIRD, SECOND, FIRST), stopped());
    assertEquals(
        List.of(
            "stopping first (grace 30 s)",
            "stopped  first",
            "1 agent stopped; the next start of the sidecar starts what is to run"),
        told);
    assertEquals(List.of(FIRST), host.processes.turns());
  }

  private List<AgentId> stopped() {
    return host.processes.calls().stream()
        .filter(Call.Stopped.class::isInstance)
        .map(Call::agent)
        .toList();
  }

  private static JournalEntry kept(AgentId id, String name, DesiredState desired) {
    return kept(id, name, desired, Hooks.NONE);
  }

  private static JournalEntry kept(AgentId id, String name, DesiredState desired, Hooks hooks) {
    return new JournalEntry.AgentKept(
        new AgentRecord(
            id,
            SampleDefinitions.named(
                    name,
                    "beats",
                    Optional.empty(),
                    List.of("/bin/sleep", "60"),
                    List.of(),
                    Optional.empty(),
                    Optional.empty())
                .with(hooks),
            1,
            desired,
            Optional.empty()));
  }
}
