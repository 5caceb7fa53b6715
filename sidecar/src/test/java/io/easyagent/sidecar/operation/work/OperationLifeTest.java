package io.easyagent.sidecar.operation.work;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.easyagent.sidecar.operation.Outcome;
import io.easyagent.sidecar.operation.work.OperationEvent.CancelAsked;
import io.easyagent.sidecar.operation.work.OperationEvent.DeadlinePassed;
import io.easyagent.sidecar.operation.work.OperationEvent.TurnCame;
import io.easyagent.sidecar.operation.work.OperationEvent.WorkEnded;
import io.easyagent.sidecar.operation.work.OperationLife.Action;
import io.easyagent.sidecar.operation.work.OperationLife.Transition;
import io.easyagent.sidecar.operation.work.OperationState.Ended;
import io.easyagent.sidecar.operation.work.OperationState.Running;
import io.easyagent.sidecar.operation.work.OperationState.Stopping;
import io.easyagent.sidecar.operation.work.OperationState.Waiting;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Visits every state with every event. */
class OperationLifeTest {
  private static final OperationState BY_CANCEL = new Stopping(StopCause.CANCEL);
  private static final OperationState BY_DEADLINE = new Stopping(StopCause.DEADLINE);
  private static final OperationEvent TURN = new TurnCame();
  private static final OperationEvent DEADLINE = new DeadlinePassed();
  private static final OperationEvent CANCEL = new CancelAsked();

  private record Pair(OperationState state, OperationEvent event) {}

  private final Map<Pair, Transition> expected = new HashMap<>();

  private void expect(
      OperationState state, OperationEvent event, OperationState next, Action action) {
    expected.put(new Pair(state, event), new Transition(next, action));
  }

  private void expectEnd(OperationState state, Verdict verdict, Outcome outcome) {
    expect(state, new WorkEnded(verdict), new Ended(outcome), Action.END);
  }

  private static List<OperationState> states() {
    List<OperationState> states = new ArrayList<>(List.of(new Waiting(), new Running()));
    for (StopCause cause : StopCause.values()) {
      states.add(new Stopping(cause));
    }
    for (Outcome outcome : Outcome.values()) {
      states.add(new Ended(outcome));
    }
    return states;
  }

  private static List<OperationEvent> events() {
    List<OperationEvent> events = new ArrayList<>(List.of(TURN, DEADLINE, CANCEL));
    for (Verdict verdict : Verdict.values()) {
      events.add(new WorkEnded(verdict));
    }
    return events;
  }

  @Test
  void everyStateMeetsEveryEvent() {
    expect(new Waiting(), TURN, new Running(), Action.WORK);
    expect(new Waiting(), DEADLINE, new Ended(Outcome.EXPIRED), Action.END);
    expect(new Waiting(), CANCEL, new Ended(Outcome.CANCELLED), Action.END);
    expect(new Running(), TURN, new Running(), Action.WORK);
    expect(new Running(), DEADLINE, BY_DEADLINE, Action.ASK_TO_STOP);
    expect(new Running(), CANCEL, BY_CANCEL, Action.ASK_TO_STOP);
    expectEnd(new Running(), Verdict.SUCCEEDED, Outcome.SUCCEEDED);
    expectEnd(new Running(), Verdict.FAILED, Outcome.FAILED);
    expectEnd(new Running(), Verdict.INTERRUPTED, Outcome.INTERRUPTED);
    expectEnd(new Running(), Verdict.STOPPED, Outcome.CANCELLED);
    for (OperationState stopping : List.of(BY_CANCEL, BY_DEADLINE)) {
      expect(stopping, TURN, stopping, Action.WORK);
      expectEnd(stopping, Verdict.SUCCEEDED, Outcome.SUCCEEDED);
      expectEnd(stopping, Verdict.FAILED, Outcome.FAILED);
      expectEnd(stopping, Verdict.INTERRUPTED, Outcome.INTERRUPTED);
    }
    expectEnd(BY_CANCEL, Verdict.STOPPED, Outcome.CANCELLED);
    expectEnd(BY_DEADLINE, Verdict.STOPPED, Outcome.FAILED);

    int changes = 0;
    for (OperationState state : states()) {
      for (OperationEvent event : events()) {
        Transition wanted =
            expected.getOrDefault(new Pair(state, event), new Transition(state, Action.NOTHING));
        assertEquals(wanted, OperationLife.next(state, event), state + " x " + event);
        changes += expected.containsKey(new Pair(state, event)) ? 1 : 0;
      }
    }
    assertEquals(expected.size(), changes, "every expectation was visited");
  }
}
