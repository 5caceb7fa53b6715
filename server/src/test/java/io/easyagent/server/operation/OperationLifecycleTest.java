package io.easyagent.server.operation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class OperationLifecycleTest {
  /** Every transition that changes something, by hand; every other pair must be ignored. */
  private static final String TABLE =
      """
      QUEUED  DISPATCHED              SENT
      QUEUED  NOT_SENDABLE            FAILED
      QUEUED  CANCEL_REQUESTED        CANCELLED
      QUEUED  DEADLINE_PASSED         EXPIRED
      QUEUED  HOST_GONE               CANCELLED
      QUEUED  STORE_RESTORED          INTERRUPTED
      SENT    HOST_STARTED            RUNNING
      SENT    HOST_SUCCEEDED          SUCCEEDED
      SENT    HOST_FAILED             FAILED
      SENT    HOST_CANCELLED          CANCELLED
      SENT    HOST_EXPIRED            EXPIRED
      SENT    HOST_INTERRUPTED        INTERRUPTED
      SENT    HOST_LACKS_IT           again
      SENT    HOST_LACKS_IT_TOO_LATE  EXPIRED
      SENT    HOST_HAS_ANOTHER        INTERRUPTED
      SENT    HOST_GONE               INTERRUPTED
      SENT    STORE_RESTORED          INTERRUPTED
      RUNNING HOST_SUCCEEDED          SUCCEEDED
      RUNNING HOST_FAILED             FAILED
      RUNNING HOST_CANCELLED          CANCELLED
      RUNNING HOST_EXPIRED            EXPIRED
      RUNNING HOST_INTERRUPTED        INTERRUPTED
      RUNNING HOST_LACKS_IT           INTERRUPTED
      RUNNING HOST_LACKS_IT_TOO_LATE  INTERRUPTED
      RUNNING HOST_HAS_ANOTHER        INTERRUPTED
      RUNNING HOST_GONE               INTERRUPTED
      RUNNING STORE_RESTORED          INTERRUPTED
      """;

  private record Pair(OperationState state, OperationEvent event) {}

  private static Map<Pair, Transition> table() {
    Map<Pair, Transition> expected = new HashMap<>();
    for (String line : TABLE.lines().toList()) {
      List<String> words = List.of(line.split(" +"));
      Transition transition =
          words.get(2).equals("again")
              ? new Transition.SendAgain()
              : new Transition.To(OperationState.valueOf(words.get(2)));
      expected.put(
          new Pair(OperationState.valueOf(words.get(0)), OperationEvent.valueOf(words.get(1))),
          transition);
    }
    return expected;
  }

  @Test
  void everyStateMeetsEveryEvent() {
    Map<Pair, Transition> expected = table();
    for (OperationState state : OperationState.values()) {
      for (OperationEvent event : OperationEvent.values()) {
        Transition found = OperationLifecycle.next(state, event);
        Transition wanted = expected.remove(new Pair(state, event));
        if (wanted == null) {
          assertInstanceOf(Transition.Ignored.class, found, state + " × " + event);
        } else {
          assertEquals(wanted, found, state + " × " + event);
        }
      }
    }
    assertTrue(expected.isEmpty(), "never visited: " + expected);
  }

  @Test
  void everyFinishedStateCanBeReachedAndNoneIsLeft() {
    Set<OperationState> reached = EnumSet.of(OperationState.QUEUED);
    List<OperationState> open = new ArrayList<>(reached);
    while (!open.isEmpty()) {
      OperationState state = open.removeLast();
      for (OperationEvent event : OperationEvent.values()) {
        if (OperationLifecycle.next(state, event) instanceof Transition.To(var next)) {
          assertTrue(!state.finished(), state + " was left by " + event);
          if (reached.add(next)) {
            open.add(next);
          }
        }
      }
    }
    assertEquals(EnumSet.allOf(OperationState.class), reached);
  }
}
