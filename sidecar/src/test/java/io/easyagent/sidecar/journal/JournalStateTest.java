package io.easyagent.sidecar.journal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.easyagent.sidecar.agent.AgentRecord;
import io.easyagent.sidecar.agent.DesiredState;
import io.easyagent.sidecar.journal.JournalEntry.AgentForgotten;
import io.easyagent.sidecar.journal.JournalEntry.AgentKept;
import io.easyagent.sidecar.journal.JournalEntry.CommandTaken;
import io.easyagent.sidecar.journal.JournalEntry.EventDropped;
import io.easyagent.sidecar.journal.JournalEntry.EventQueued;
import io.easyagent.sidecar.journal.JournalEntry.EventReplaced;
import io.easyagent.sidecar.journal.JournalEntry.EventsAcknowledged;
import io.easyagent.sidecar.journal.JournalEntry.IncarnationStarted;
import io.easyagent.sidecar.journal.JournalEntry.OperationEnded;
import io.easyagent.sidecar.journal.JournalEntry.OperationForgotten;
import io.easyagent.sidecar.journal.JournalEntry.SessionOpened;
import io.easyagent.sidecar.journal.JournalEntry.StepReached;
import io.easyagent.sidecar.operation.Command;
import io.easyagent.sidecar.wire.Samples;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class JournalStateTest {
  private static final CommandTaken TAKEN =
      new CommandTaken(Samples.taken(1, new Command.Start(Samples.AGENT)));
  private static final StepReached STEP = new StepReached(Samples.operation(1), "unpack", "n");
  private static final OperationEnded ENDED =
      new OperationEnded(Samples.operation(1), Samples.result());

  private final JournalState empty = JournalState.empty(new UUID(0, 1));

  @Test
  void aTakenCommandIsKnownUntilItIsForgotten() {
    JournalState taken = empty.apply(TAKEN);
    assertEquals(
        new JournalState.KnownOperation(TAKEN.command(), Optional.empty(), Optional.empty()),
        taken.operations().get(Samples.operation(1)));
    assertTrue(empty.operations().isEmpty());

    JournalState forgotten = taken.apply(new OperationForgotten(Samples.operation(1)));
    assertTrue(forgotten.operations().isEmpty());
  }

  @Test
  void anOperationIsTakenOnce() {
    JournalState taken = empty.apply(TAKEN);
    assertThrows(IllegalArgumentException.class, () -> taken.apply(TAKEN));
  }

  @Test
  void theLastStepReachedIsKept() {
    StepReached later = new StepReached(Samples.operation(1), "switch", "");
    JournalState state = empty.applyAll(List.of(TAKEN, STEP, later));
    assertEquals(Optional.of(later), state.operations().get(Samples.operation(1)).step());
  }

  @Test
  void nothingLeavesAnEndedOperation() {
    JournalState ended = empty.applyAll(List.of(TAKEN, STEP, ENDED));
    assertEquals(
        Optional.of(ENDED.result()), ended.operations().get(Samples.operation(1)).result());
    assertEquals(Optional.of(STEP), ended.operations().get(Samples.operation(1)).step());
    assertThrows(IllegalArgumentException.class, () -> ended.apply(STEP));
    assertThrows(IllegalArgumentException.class, () -> ended.apply(ENDED));
  }

  @Test
  void anUnknownOperationHasNoStepAndNoEnd() {
    assertThrows(IllegalArgumentException.class, () -> empty.apply(STEP));
    assertThrows(IllegalArgumentException.class, () -> empty.apply(ENDED));
  }

  @Test
  void anAgentIsKeptAsLastSaid() {
    AgentRecord stopped = Samples.agent().withDesired(DesiredState.STOPPED);
    JournalState state =
        empty.applyAll(List.of(new AgentKept(Samples.agent()), new AgentKept(stopped)));
    assertEquals(stopped, state.agents().get(Samples.AGENT));
    assertTrue(state.apply(new AgentForgotten(Samples.AGENT)).agents().isEmpty());
  }

  @Test
  void eventsAreNumberedWithoutAGap() {
    JournalState one = empty.apply(queued(1));
    assertEquals(1, one.lastNumber());
    assertThrows(IllegalArgumentException.class, () -> one.apply(queued(1)));
    assertThrows(IllegalArgumentException.class, () -> one.apply(queued(3)));
    assertEquals(2, one.apply(queued(2)).lastNumber());
  }

  @Test
  void acknowledgedEventsLeaveAndNumbersGoOn() {
    JournalState state =
        empty.applyAll(List.of(queued(1), queued(2), queued(3), new EventsAcknowledged(2)));
    assertEquals(List.of(3L), List.copyOf(state.outbox().keySet()));
    assertEquals(3, state.lastNumber());
    assertEquals(4, state.applyAll(List.of(new EventsAcknowledged(9), queued(4))).lastNumber());
  }

  @Test
  void anAcknowledgedResultLosesItsOutput() {
    EventQueued finished =
        new EventQueued(
            1,
            Samples.MOMENT,
            new OutboxEvent.OperationFinished(
                Samples.operation(1), Samples.GENERATION, Samples.result()));
    JournalState queued = empty.applyAll(List.of(TAKEN, ENDED, finished));
    assertEquals(2, output(queued).head().length);

    JournalState acknowledged = queued.apply(new EventsAcknowledged(1));
    assertArrayEquals(new byte[0], output(acknowledged).head());
    assertArrayEquals(new byte[0], output(acknowledged).tail());
    assertEquals(99, output(acknowledged).totalBytes());
  }

  @Test
  void aDroppedEventLeavesAndAReplacedOneKeepsItsPlace() {
    JournalState state =
        empty.applyAll(
            List.of(
                queued(1),
                queued(2),
                queued(3),
                new EventDropped(1),
                new EventReplaced(2, new OutboxEvent.Gap(5))));
    assertEquals(List.of(2L, 3L), List.copyOf(state.outbox().keySet()));
    assertEquals(new OutboxEvent.Gap(5), state.outbox().get(2L).event());
    assertThrows(
        IllegalArgumentException.class,
        () -> state.apply(new EventReplaced(1, new OutboxEvent.Gap(5))));
  }

  @Test
  void aNewIncarnationNumbersAnewFromOne() {
    JournalState state =
        empty.applyAll(
            List.of(
                queued(1),
                queued(2),
                queued(3),
                new EventDropped(2),
                new IncarnationStarted(new UUID(9, 9))));
    assertEquals(new UUID(9, 9), state.incarnation());
    assertEquals(List.of(1L, 2L), List.copyOf(state.outbox().keySet()));
    assertEquals(2, state.lastNumber());
    assertEquals(
        new OutboxEvent.AgentHappened(Samples.AGENT, "exited", "3"),
        state.outbox().get(2L).event());
    assertEquals(2, state.outbox().get(2L).number());
  }

  @Test
  void theLastSessionIsKept() {
    assertFalse(empty.session().isPresent());
    SessionOpened opened = new SessionOpened(3, "aa", "bb");
    assertEquals(
        Optional.of(opened),
        empty.applyAll(List.of(new SessionOpened(2, "cc", "dd"), opened)).session());
  }

  private static io.easyagent.sidecar.supervise.Tasks.Output output(JournalState state) {
    return state.operations().get(Samples.operation(1)).result().orElseThrow().output();
  }

  private static EventQueued queued(long number) {
    return new EventQueued(
        number,
        Samples.MOMENT,
        new OutboxEvent.AgentHappened(Samples.AGENT, "exited", Long.toString(number)));
  }
}
