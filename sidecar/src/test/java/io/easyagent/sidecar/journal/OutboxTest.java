package io.easyagent.sidecar.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.easyagent.sidecar.agent.AgentId;
import io.easyagent.sidecar.journal.OutboxEvent.AgentHappened;
import io.easyagent.sidecar.journal.OutboxEvent.AgentReported;
import io.easyagent.sidecar.journal.OutboxEvent.Gap;
import io.easyagent.sidecar.journal.OutboxEvent.OperationFinished;
import io.easyagent.sidecar.operation.Command;
import io.easyagent.sidecar.operation.Outcome;
import io.easyagent.sidecar.wire.Samples;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class OutboxTest {
  private JournalState state = JournalState.empty(new UUID(0, 1));

  @Test
  void eventsOfOneDecisionAreNumberedInTheirOrder() {
    queue(happened("a"), happened("b"));
    queue(happened("c"));

    assertEquals(List.of(1L, 2L, 3L), List.copyOf(state.outbox().keySet()));
    assertEquals(happened("b"), state.outbox().get(2L).event());
  }

  @Test
  void onlyTheNewestReportOfAnAgentIsKept() {
    queue(report(Samples.AGENT), happened("a"), report(new AgentId(new UUID(5, 5))));
    queue(report(Samples.AGENT));

    assertEquals(List.of(2L, 3L, 4L), List.copyOf(state.outbox().keySet()));
  }

  @Test
  void plainEventsBeyondTheBoundLeaveAGapAndNothingElseIsDropped() {
    long sent = 3L * Outbox.MOST_PLAIN_EVENTS;
    queue(
        new OperationFinished(Samples.operation(1), Samples.GENERATION, Samples.result()),
        report(Samples.AGENT));
    for (int index = 0; index < sent; index++) {
      queue(happened(Integer.toString(index)));
    }

    long gaps = count(Gap.class::isInstance);
    long dropped =
        state.outbox().values().stream()
            .mapToLong(queued -> queued.event() instanceof Gap(long count) ? count : 0)
            .sum();
    long kept = count(AgentHappened.class::isInstance);
    assertEquals(1, gaps, "gaps are merged");
    assertEquals(sent, dropped + kept, "each event is queued or counted");
    assertTrue(kept <= Outbox.MOST_PLAIN_EVENTS, () -> kept + " plain events");
    assertEquals(1, count(OperationFinished.class::isInstance));
    assertEquals(1, count(AgentReported.class::isInstance));
    assertEquals(happened(Long.toString(sent - 1)), state.outbox().lastEntry().getValue().event());
    assertTrue(
        state.outbox().sequencedValues().stream()
            .dropWhile(queued -> !(queued.event() instanceof Gap))
            .skip(1)
            .allMatch(queued -> queued.event() instanceof AgentHappened),
        "what was dropped is older than what is kept");
  }

  @Test
  void aLongMessageIsCut() {
    queue(happened("x".repeat(5_000)));

    AgentHappened kept = (AgentHappened) state.outbox().get(1L).event();
    assertEquals(Outbox.LONGEST_MESSAGE, kept.message().length());
  }

  @Test
  void anAcknowledgementOfNothingNewChangesNothing() {
    queue(happened("a"));
    assertEquals(List.of(), Outbox.acknowledge(state, 0));
    apply(Outbox.acknowledge(state, 1));
    assertTrue(state.outbox().isEmpty());
    assertEquals(List.of(), Outbox.acknowledge(state, 1));
  }

  @Test
  void aRefusalIsTheEndOfWhatIsNotKnownAndIsQueuedOnce() {
    apply(refuse(1));
    OperationFinished end = (OperationFinished) state.outbox().get(1L).event();
    assertEquals(Samples.operation(1), end.operation());
    assertEquals(Outcome.FAILED, end.result().outcome());
    assertEquals("refused by the host: no room", end.result().message());
    assertEquals(List.of(), refuse(1), "its end is queued");

    apply(
        List.of(new JournalEntry.CommandTaken(Samples.taken(2, new Command.Stop(Samples.AGENT)))));
    assertEquals(List.of(), refuse(2), "it is worked on");
  }

  private List<JournalEntry> refuse(long number) {
    return Outbox.refuse(
        state, Samples.MOMENT, Samples.operation(number), Samples.GENERATION, "no room");
  }

  @Test
  void endedOperationsAreForgottenOnceReportedAndManyCameAfter() {
    int more = 5;
    for (int number = 1; number <= Outbox.REPORTED_OPERATIONS_KEPT + more; number++) {
      end(number);
    }
    apply(
        List.of(
            new JournalEntry.CommandTaken(Samples.taken(9_999, new Command.Start(Samples.AGENT)))));

    apply(Outbox.acknowledge(state, state.lastNumber()));

    assertEquals(Outbox.REPORTED_OPERATIONS_KEPT + 1, state.operations().size());
    assertFalse(state.operations().containsKey(Samples.operation(more)));
    assertTrue(state.operations().containsKey(Samples.operation(more + 1)));
    assertTrue(state.operations().containsKey(Samples.operation(9_999)));
  }

  @Test
  void whatTheServerHoldsFinishedIsForgottenUnlessItsResultIsStillQueued() {
    end(1);
    apply(Outbox.acknowledge(state, 1));
    end(2);
    apply(
        List.of(new JournalEntry.CommandTaken(Samples.taken(3, new Command.Start(Samples.AGENT)))));

    apply(
        Outbox.forget(
            state,
            List.of(
                Samples.operation(1),
                Samples.operation(2),
                Samples.operation(3),
                Samples.operation(4))));

    assertEquals(
        List.of(Samples.operation(2), Samples.operation(3)),
        List.copyOf(state.operations().keySet()));
  }

  private void end(long number) {
    apply(
        List.of(
            new JournalEntry.CommandTaken(Samples.taken(number, new Command.Start(Samples.AGENT))),
            new JournalEntry.OperationEnded(Samples.operation(number), Samples.result())));
    queue(new OperationFinished(Samples.operation(number), Samples.GENERATION, Samples.result()));
  }

  private void queue(OutboxEvent... events) {
    apply(Outbox.queue(state, Samples.MOMENT, List.of(events)));
  }

  private void apply(List<JournalEntry> entries) {
    state = state.applyAll(entries);
  }

  private long count(Function<OutboxEvent, Boolean> kind) {
    return state.outbox().values().stream().filter(queued -> kind.apply(queued.event())).count();
  }

  private static AgentHappened happened(String message) {
    return new AgentHappened(Samples.AGENT, "exited", message);
  }

  private static AgentReported report(AgentId agent) {
    var record = Samples.agent();
    return new AgentReported(
        agent,
        record.definition().name(),
        record.revision(),
        record.installedVersion(),
        record.desired(),
        Samples.observed());
  }
}
