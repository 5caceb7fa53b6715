package io.easyagent.sidecar.operation.work;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.easyagent.sidecar.agent.AgentId;
import io.easyagent.sidecar.agent.AgentRecord;
import io.easyagent.sidecar.agent.DesiredState;
import io.easyagent.sidecar.journal.JournalEntry;
import io.easyagent.sidecar.journal.OutboxEvent.AgentHappened;
import io.easyagent.sidecar.local.AgentOrders.Answer;
import io.easyagent.sidecar.local.AgentOrders.Order;
import io.easyagent.sidecar.operation.Command;
import io.easyagent.sidecar.operation.Operations.Intake;
import io.easyagent.sidecar.prepare.SampleDefinitions;
import io.easyagent.sidecar.supervise.FakeSupervision.Call;
import io.easyagent.sidecar.supervise.Supervision.StartResult;
import io.easyagent.sidecar.supervise.Supervision.StopResult;
import io.easyagent.testkit.Eventually;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What somebody on the host tells an agent. */
class HostOrdersTest {
  private static final AgentId AGENT = new AgentId(new UUID(1, 1));

  @TempDir Path folder;
  private TestHost host;

  @BeforeEach
  void open() throws Exception {
    host = new TestHost(folder);
    host.disk.append(_ ->
        List.of(
            new JournalEntry.AgentKept(
                new AgentRecord(
                    AGENT,
                    SampleDefinitions.named(
                        "beat",
                        "beats",
                        Optional.empty(),
                        List.of("/bin/sleep", "60"),
                        List.of(),
                        Optional.empty(),
                        Optional.empty()),
                    1,
                    DesiredState.RUNNING,
                    Optional.empty()))));
  }

  @AfterEach
  void close() throws IOException {
    host.close();
  }

  @Test
  void whatIsToldHoldsInTheNextLifeAndIsReported() {
    host.start();
    assertEquals(new Answer(true, "stopped"), give(Order.STOP));
    assertEquals(DesiredState.STOPPED, desired());
    assertEquals(List.of("stop, by user ops on the host"), happened());

    host.start();
    assertTrue(host.processes.observe(AGENT).pid().isEmpty(), "it runs in the next life");
    assertEquals(new Answer(true, "stopped already"), give(Order.STOP));

    Answer started = give(Order.START);
    assertTrue(started.done(), started::message);
    assertTrue(started.message().startsWith("started, pid "), started::message);
    assertEquals(DesiredState.RUNNING, desired());
    assertTrue(give(Order.START).message().startsWith("running already, pid "));
  }

  @Test
  void aRestartIsAStopAndAStart() {
    host.start();
    int before = host.processes.observe(AGENT).pid().orElseThrow();
    Answer restarted = give(Order.RESTART);
    assertTrue(restarted.done(), restarted::message);
    int after = host.processes.observe(AGENT).pid().orElseThrow();
    assertEquals("restarted, pid " + after, restarted.message());
    assertFalse(before == after, "the process is the same");
    assertEquals(DesiredState.RUNNING, desired());
  }

  @Test
  void whatDoesNotWorkIsSaid() {
    host.start();
    host.processes.scriptStop(AGENT, new StopResult.DidNotStop("process 7 is left"));
    assertEquals(new Answer(false, "did not stop: process 7 is left"), give(Order.RESTART));
    host.processes.scriptStart(AGENT, new StartResult.DidNotStart("exit 1"));
    assertEquals(new Answer(false, "did not start: exit 1"), give(Order.START));
  }

  @Test
  void anAgentThatIsNotHereIsNotTold() {
    host.start();
    assertEquals(
        new Answer(false, "no such agent here (expected: one of beat)"),
        host.orders().give(Order.STOP, "bet", "ops"));
    assertEquals(List.of(), happened());
  }

  @Test
  void anOrderWaitsForTheOperationThatRuns() throws Exception {
    JournalledOperations operations = host.start();
    host.processes.hold(AGENT);
    assertInstanceOf(Intake.Taken.class, operations.take(host.command(new Command.Stop(AGENT))));
    Eventually.await(
        TestHost.SOON,
        "the operation stops the agent",
        () -> host.processes.calls().stream().anyMatch(Call.Stopped.class::isInstance));
    CompletableFuture<Answer> start = new CompletableFuture<>();
    Thread order = Thread.ofVirtual().start(() -> start.complete(give(Order.START)));
    Eventually.await(
        TestHost.SOON, "the order waits", () -> order.getState() == Thread.State.TIMED_WAITING);
    assertEquals(List.of(), happened());

    host.processes.release(AGENT);
    assertTrue(start.get().done());
    assertEquals(DesiredState.RUNNING, desired());
  }

  @Test
  void aSidecarThatEndsTakesNoOrder() {
    JournalledOperations operations = host.start();
    operations.close();
    Answer refused = give(Order.STOP);
    assertFalse(refused.done());
    assertTrue(refused.message().contains("the sidecar is ending"), refused::message);
    assertEquals(DesiredState.RUNNING, desired());
  }

  private Answer give(Order order) {
    return host.orders().give(order, "beat", "ops");
  }

  private DesiredState desired() {
    return host.disk.state().agents().get(AGENT).desired();
  }

  private List<String> happened() {
    return host.disk.state().outbox().values().stream()
        .map(queued -> queued.event())
        .filter(AgentHappened.class::isInstance)
        .map(AgentHappened.class::cast)
        .filter(event -> event.kind().equals(HostOrders.EVENT))
        .map(AgentHappened::message)
        .toList();
  }
}
