package io.easyagent.sidecar.wire;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.easyagent.protocol.Event;
import io.easyagent.protocol.Inventory;
import io.easyagent.sidecar.agent.ObservedAgent;
import io.easyagent.sidecar.journal.JournalEntry;
import io.easyagent.sidecar.journal.JournalState;
import io.easyagent.sidecar.journal.OutboxEvent;
import io.easyagent.sidecar.operation.Command;
import io.easyagent.sidecar.operation.OperationResult;
import io.easyagent.sidecar.operation.Outcome;
import io.easyagent.sidecar.process.ProcessEnd;
import io.easyagent.sidecar.supervise.Tasks.Output;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class EventCodecTest {

  static Stream<OutboxEvent> events() {
    return Stream.of(
        new OutboxEvent.OperationStarted(Samples.operation(1), Samples.GENERATION),
        new OutboxEvent.AgentReported(Samples.agent(), Samples.observed()),
        new OutboxEvent.AgentReported(Samples.agent(), Samples.waiting()),
        new OutboxEvent.AgentRemoved(Samples.AGENT),
        new OutboxEvent.AgentHappened(Samples.AGENT, "exited", "exit 1"),
        new OutboxEvent.Gap(12));
  }

  @ParameterizedTest
  @MethodSource("events")
  void eachEventIsReadBackAsItWasWritten(OutboxEvent event) throws WireException {
    Event message = EventCodec.encode(Samples.MOMENT, event);

    assertEquals(event, EventCodec.decode(message));
    assertEquals(Samples.MOMENT, EventCodec.occurredAt(message));
  }

  static Stream<Optional<ProcessEnd>> ends() {
    return Stream.of(
        Optional.empty(),
        Optional.of(new ProcessEnd.Exited(0)),
        Optional.of(new ProcessEnd.Signalled(9)),
        Optional.of(new ProcessEnd.Unknown("keeper killed")),
        Optional.of(new ProcessEnd.NotStarted("no such file")));
  }

  @ParameterizedTest
  @MethodSource("ends")
  void aResultIsReadBackAsItWasWritten(Optional<ProcessEnd> end) throws WireException {
    for (Outcome outcome : Outcome.values()) {
      OperationResult result =
          new OperationResult(
              outcome,
              "why",
              end,
              new Output(new byte[] {1}, new byte[] {2, 3}, 70),
              Samples.MOMENT,
              Samples.MOMENT.plusMillis(5));

      OutboxEvent read =
          EventCodec.decode(
              EventCodec.encode(
                  Samples.MOMENT,
                  new OutboxEvent.OperationFinished(
                      Samples.operation(2), Samples.GENERATION, result)));

      OutboxEvent.OperationFinished finished = (OutboxEvent.OperationFinished) read;
      assertEquals(Samples.operation(2), finished.operation());
      assertEquals(Samples.GENERATION, finished.generation());
      assertEquals(outcome, finished.result().outcome());
      assertEquals("why", finished.result().message());
      assertEquals(end, finished.result().processEnd());
      assertArrayEquals(new byte[] {1}, finished.result().output().head());
      assertArrayEquals(new byte[] {2, 3}, finished.result().output().tail());
      assertEquals(70, finished.result().output().totalBytes());
      assertEquals(Samples.MOMENT.plusMillis(5), finished.result().finishedAt());
    }
  }

  @ParameterizedTest
  @EnumSource(ObservedAgent.State.class)
  void everyStateAndHealthHasItsWord(ObservedAgent.State state) throws WireException {
    for (ObservedAgent.Health health : ObservedAgent.Health.values()) {
      OutboxEvent event =
          new OutboxEvent.AgentReported(
              Samples.agent(),
              new ObservedAgent(
                  state,
                  health,
                  Samples.MOMENT,
                  0,
                  "",
                  OptionalInt.empty(),
                  Optional.empty(),
                  List.of()));

      assertEquals(event, EventCodec.decode(EventCodec.encode(Samples.MOMENT, event)));
    }
  }

  @Test
  void anEventThatNoOutboxHoldsIsRefused() {
    assertThrows(WireException.class, () -> EventCodec.decode(Event.getDefaultInstance()));
  }

  @Test
  void theInventorySaysAllThatTheHostHolds() {
    JournalState state =
        JournalState.empty(new UUID(3, 4))
            .applyAll(
                List.of(
                    new JournalEntry.AgentKept(Samples.agent()),
                    new JournalEntry.CommandTaken(
                        Samples.taken(1, new Command.Start(Samples.AGENT))),
                    new JournalEntry.CommandTaken(
                        Samples.taken(2, new Command.Stop(Samples.AGENT))),
                    new JournalEntry.OperationEnded(Samples.operation(1), Samples.result()),
                    new JournalEntry.EventQueued(1, Samples.MOMENT, new OutboxEvent.Gap(1))));

    Inventory inventory =
        InventoryCodec.encode(state, agent -> Samples.observed(), List.of("no cgroup"));

    assertEquals(Fields.bytes(new UUID(3, 4)), inventory.getOutbox().getIncarnation());
    assertEquals(1, inventory.getOutbox().getLastNumber());
    assertEquals(1, inventory.getAgentsCount());
    assertEquals("filebeat", inventory.getAgents(0).getDefinition().getName());
    assertEquals(7, inventory.getAgents(0).getRevision());
    assertEquals(4_711, inventory.getAgents(0).getPid());
    assertEquals(2, inventory.getOperationsCount());
    assertEquals(Fields.bytes(Samples.operation(1)), inventory.getOperations(0).getOperationId());
    assertEquals(Fields.bytes(Samples.DIGEST), inventory.getOperations(0).getDigest());
    assertEquals(true, inventory.getOperations(0).getFinished());
    assertEquals(false, inventory.getOperations(1).getFinished());
    assertEquals(List.of("no cgroup"), inventory.getConditionsList());
  }
}
