package io.easyagent.sidecar.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.easyagent.sidecar.agent.DesiredState;
import io.easyagent.sidecar.agent.ObservedAgent.State;
import io.easyagent.sidecar.agent.Schedule.Overlap;
import io.easyagent.sidecar.process.ProcessAction.Announce;
import io.easyagent.sidecar.process.ProcessAction.AnnounceEnd;
import io.easyagent.sidecar.process.ProcessAction.Kind;
import io.easyagent.sidecar.process.ProcessAction.Launch;
import io.easyagent.sidecar.process.ProcessAction.LaunchHook;
import io.easyagent.sidecar.process.ProcessAction.ReportScheduled;
import io.easyagent.sidecar.process.ProcessAction.SendStopSignal;
import io.easyagent.sidecar.process.ProcessEvent.FoundEnded;
import io.easyagent.sidecar.process.ProcessEvent.FoundNothing;
import io.easyagent.sidecar.process.ProcessEvent.FoundRunning;
import io.easyagent.sidecar.process.ProcessEvent.LaunchFailed;
import io.easyagent.sidecar.process.ProcessEvent.Launched;
import io.easyagent.sidecar.process.ProcessEvent.ProcessEnded;
import io.easyagent.sidecar.process.ProcessEvent.RunDue;
import io.easyagent.sidecar.process.ProcessEvent.StartWanted;
import io.easyagent.sidecar.process.ProcessEvent.StopWanted;
import io.easyagent.sidecar.process.ProcessEvent.TreeCleared;
import io.easyagent.sidecar.process.ProcessState.Due;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Lives of scheduled agents, told by what happens and what comes of it. */
class ScheduledLifeTest {
  private static final ProcessEnd FAILURE = new ProcessEnd.Exited(3);
  private static final ProcessEnd SUCCESS = new ProcessEnd.Exited(0);

  /** 02:10 in Berlin, on three days. */
  private static final Instant FIRST = Instant.parse("2026-01-10T01:10:00Z");

  private static final Instant SECOND = Instant.parse("2026-01-11T01:10:00Z");
  private static final Instant THIRD = Instant.parse("2026-01-12T01:10:00Z");

  private ProcessLife life = ProcessLife.unknown(DesiredState.STOPPED);
  private ProcessMachine machine = machine(Overlap.SKIP);
  private Duration now = Duration.ZERO;
  private final List<ProcessAction> actions = new ArrayList<>();

  private static ProcessMachine machine(Overlap overlap) {
    return new ProcessMachine(Rules.scheduled(overlap), () -> 0);
  }

  private void happens(ProcessEvent... events) {
    actions.clear();
    for (ProcessEvent event : events) {
      Step step = machine.step(life, event, now);
      life = step.life();
      actions.addAll(step.actions());
    }
  }

  private void runs(Instant due) {
    happens(new FoundNothing(), new StartWanted(), new RunDue(due), new Launched(7));
    assertEquals(State.RUNNING, life.observedState());
  }

  private void ends(ProcessEnd end) {
    happens(new ProcessEnded(end, "", 0), new TreeCleared());
  }

  private void assertState(State expected, String cause) {
    assertEquals(expected, life.observedState());
    assertEquals(cause, life.cause());
  }

  private boolean isAnnounced(Kind kind, String message) {
    return actions.contains(new Announce(kind, message));
  }

  private boolean isEndAnnounced(Kind kind, String message) {
    return actions.contains(new AnnounceEnd(new Announce(kind, message)));
  }

  @Test
  void aStartBeginsTheWaitAndRunsNothing() {
    happens(new FoundNothing(), new StartWanted());
    assertState(State.WAITING, "");
    assertTrue(actions.contains(new ReportScheduled()));
    assertFalse(actions.contains(new Launch()));
    happens(new StartWanted());
    assertEquals(List.of(new ReportScheduled()), actions);
  }

  @Test
  void aRunThatEndsIsFollowedByTheWaitAndToldAsTheCause() {
    runs(FIRST);
    now = now.plusMillis(4_100);
    ends(SUCCESS);
    assertState(State.WAITING, "last run 2026-01-10 02:10: exit 0 after 4.1 s");
    assertTrue(isEndAnnounced(Kind.EXITED, "run due 2026-01-10 02:10: exit 0 after 4.1 s"));
    happens(new RunDue(SECOND));
    assertEquals(List.of(new Launch()), actions);
    assertEquals(Optional.of(SECOND), life.runs().current());
    assertEquals(0, life.restarts());
  }

  @Test
  void runsThatFailAreCountedUntilOneDoesNot() {
    runs(FIRST);
    ends(FAILURE);
    assertTrue(isEndAnnounced(Kind.RUN_FAILED, "run due 2026-01-10 02:10: exit 3 after 0.0 s"));
    assertState(State.WAITING, "last run 2026-01-10 02:10: exit 3 after 0.0 s");
    happens(new RunDue(SECOND), new LaunchFailed("no room"));
    assertTrue(isAnnounced(Kind.RUN_FAILED, "run due 2026-01-11 02:10: no room"));
    assertState(State.WAITING, "last run 2026-01-11 02:10: no room (failed 2 times in a row)");
    happens(new RunDue(THIRD), new Launched(8));
    ends(SUCCESS);
    assertState(State.WAITING, "last run 2026-01-12 02:10: exit 0 after 0.0 s");
  }

  @Test
  void aFailedRunIsNeverRestartedAndLoopsInNothing() {
    runs(FIRST);
    for (int run = 0; run < 20; run++) {
      ends(FAILURE);
      assertEquals(State.WAITING, life.observedState());
      assertFalse(actions.contains(new Launch()));
      happens(new RunDue(FIRST.plusSeconds(60 * run)), new Launched(8 + run));
    }
    assertEquals(20, life.runs().failures());
  }

  @Test
  void skipLeavesTheDueRunOut() {
    runs(FIRST);
    happens(new RunDue(SECOND));
    assertEquals(
        List.of(
            new Announce(
                Kind.RUN_SKIPPED,
                "the run due 2026-01-11 02:10 is left out: the one before it has not ended")),
        actions);
    ends(SUCCESS);
    assertEquals(State.WAITING, life.observedState());
  }

  @Test
  void queueLetsOneRunWaitAndNoMore() {
    machine = machine(Overlap.QUEUE);
    runs(FIRST);
    happens(new RunDue(SECOND));
    assertTrue(
        isAnnounced(
            Kind.RUN_QUEUED,
            "the run due 2026-01-11 02:10 waits for the end of the one before it"));
    happens(new RunDue(THIRD));
    assertTrue(
        isAnnounced(
            Kind.RUN_SKIPPED,
            "the run due 2026-01-12 02:10 is left out: another one waits already"));
    ends(FAILURE);
    assertTrue(actions.contains(new Launch()));
    assertEquals(new Runs(Optional.of(SECOND), Optional.empty(), 1), life.runs());
    happens(new Launched(8));
    ends(SUCCESS);
    assertState(State.WAITING, "last run 2026-01-11 02:10: exit 0 after 0.0 s");
  }

  @Test
  void replaceStopsTheRunInProgressFirst() {
    machine = machine(Overlap.REPLACE);
    runs(FIRST);
    happens(new RunDue(SECOND));
    assertEquals(List.of(new SendStopSignal(7)), actions);
    assertEquals(State.STOPPING, life.observedState());
    happens(new RunDue(THIRD));
    assertTrue(
        isAnnounced(
            Kind.RUN_SKIPPED, "the run due 2026-01-11 02:10 is left out: the next one is due"));
    ends(new ProcessEnd.Signalled(15));
    assertTrue(
        isEndAnnounced(
            Kind.EXITED, "run due 2026-01-10 02:10: replaced by the run due 2026-01-11 02:10"));
    assertTrue(actions.contains(new Launch()));
    assertEquals(new Runs(Optional.of(THIRD), Optional.empty(), 0), life.runs());
  }

  @Test
  void aStopEndsTheRunInProgressAndTheOneThatWaits() {
    machine = machine(Overlap.QUEUE);
    runs(FIRST);
    happens(new RunDue(SECOND), new StopWanted());
    assertTrue(actions.contains(new SendStopSignal(7)));
    happens(new RunDue(THIRD));
    assertEquals(List.of(), actions);
    ends(new ProcessEnd.Signalled(15));
    assertState(State.STOPPED, "");
    assertFalse(actions.contains(new Launch()));
    assertEquals(Runs.NONE, life.runs());
  }

  @Test
  void aStopFollowedByAStartWaitsAgain() {
    runs(FIRST);
    happens(new StopWanted(), new StartWanted());
    ends(new ProcessEnd.Signalled(15));
    assertTrue(actions.contains(new ProcessAction.ReportStopped(false)));
    assertTrue(actions.contains(new ReportScheduled()));
    assertEquals(State.WAITING, life.observedState());
    assertEquals(0, life.runs().failures());
  }

  private void recalls(Runs runs) {
    life =
        ProcessLife.unknown(DesiredState.RUNNING).remembering(runs, "last run yesterday: exit 0");
  }

  @Test
  void theNextLifeOfTheSidecarStillTellsTheLastRun() {
    recalls(new Runs(Optional.empty(), Optional.empty(), 2));
    happens(new FoundNothing());
    assertState(State.WAITING, "last run yesterday: exit 0");
    happens(new RunDue(SECOND), new LaunchFailed("no room"));
    assertState(State.WAITING, "last run 2026-01-11 02:10: no room (failed 3 times in a row)");
  }

  @Test
  void aRunThatIsFoundIsFollowedByTheOneThatWaits() {
    recalls(new Runs(Optional.of(FIRST), Optional.of(SECOND), 0));
    happens(new FoundRunning(7, Duration.ofMinutes(1)));
    assertEquals(State.RUNNING, life.observedState());
    ends(SUCCESS);
    assertTrue(actions.contains(new Launch()));
    assertEquals(Optional.of(SECOND), life.runs().current());
  }

  @Test
  void aRunThatEndedWhileTheSidecarWasAwayIsTold() {
    recalls(new Runs(Optional.of(FIRST), Optional.empty(), 0));
    happens(new FoundEnded(FAILURE), new TreeCleared());
    assertState(State.WAITING, "last run 2026-01-10 02:10: while the sidecar was away: exit 3");
    assertEquals(1, life.runs().failures());
  }

  @Test
  void anEndThatWasToldBeforeIsNotCountedAgain() {
    recalls(new Runs(Optional.empty(), Optional.empty(), 2));
    happens(new FoundEnded(FAILURE), new TreeCleared());
    assertState(State.WAITING, "last run yesterday: exit 0");
    assertEquals(2, life.runs().failures());
  }

  @Test
  void aRunWhoseEndNobodyKnowsHasFailedAndIsNotRunAgain() {
    recalls(new Runs(Optional.of(FIRST), Optional.empty(), 0));
    happens(new FoundNothing());
    String lost = "last run 2026-01-10 02:10: it had not ended when the sidecar or its host did";
    assertState(State.WAITING, lost);
    assertTrue(isAnnounced(Kind.RUN_FAILED, lost));
    assertFalse(actions.contains(new Launch()));
  }

  @Test
  void theRunThatWaitsIsBegunAlsoAfterABoot() {
    recalls(new Runs(Optional.of(FIRST), Optional.of(SECOND), 0));
    happens(new FoundNothing());
    assertTrue(actions.contains(new Launch()));
    assertEquals(new Runs(Optional.of(SECOND), Optional.empty(), 1), life.runs());
  }

  private void hooked(Overlap overlap) {
    machine = new ProcessMachine(Rules.withHooks(Rules.scheduled(overlap), true, true), () -> 0);
  }

  @Test
  void eachRunHasItsHooks() {
    hooked(Overlap.SKIP);
    happens(new FoundNothing(), new StartWanted(), new RunDue(FIRST));
    assertEquals(List.of(new LaunchHook(new Due.PreStart(0))), launches());
    assertEquals(Optional.of(FIRST), life.runs().current());
    happens(new Launched(6), new ProcessEnded(SUCCESS, "", 0), new TreeCleared());
    assertEquals(List.of(new Launch()), launches());
    happens(new Launched(7), new ProcessEnded(SUCCESS, "", 0), new TreeCleared());
    assertEquals(1, launches().size());
    happens(new Launched(8), new ProcessEnded(FAILURE, "", 0), new TreeCleared());
    assertState(
        State.WAITING,
        "last run 2026-01-10 02:10: exit 0 after 0.0 s; postStop: exit 3 after 0.0 s");
  }

  @Test
  void aRunWhosePreStartFailsHasFailed() {
    hooked(Overlap.SKIP);
    happens(new FoundNothing(), new StartWanted(), new RunDue(FIRST), new Launched(6));
    happens(new ProcessEnded(FAILURE, "", 0));
    assertTrue(
        isEndAnnounced(Kind.RUN_FAILED, "run due 2026-01-10 02:10: preStart: exit 3 after 0.0 s"));
    happens(new TreeCleared(), new Launched(8), new ProcessEnded(SUCCESS, "", 0));
    happens(new TreeCleared());
    assertState(State.WAITING, "last run 2026-01-10 02:10: preStart: exit 3 after 0.0 s");
    assertEquals(1, life.runs().failures());
  }

  @Test
  void aPreStartIsEndedForTheRunThatReplacesItsOwn() {
    hooked(Overlap.REPLACE);
    happens(new FoundNothing(), new StartWanted(), new RunDue(FIRST), new Launched(6));
    happens(new RunDue(SECOND));
    assertTrue(actions.contains(new SendStopSignal(6)));
    happens(new ProcessEnded(new ProcessEnd.Signalled(15), "", 0));
    assertTrue(
        isEndAnnounced(
            Kind.EXITED, "run due 2026-01-10 02:10: replaced by the run due 2026-01-11 02:10"));
    happens(new TreeCleared(), new Launched(8), new ProcessEnded(SUCCESS, "", 0));
    happens(new TreeCleared());
    assertEquals(List.of(new LaunchHook(new Due.PreStart(0))), launches());
    assertEquals(Optional.of(SECOND), life.runs().current());
  }

  @Test
  void aRunThatIsBeingLaunchedIsReplacedOnceItHasAProcess() {
    machine = machine(Overlap.REPLACE);
    happens(new FoundNothing(), new StartWanted(), new RunDue(FIRST), new RunDue(SECOND));
    assertEquals(State.STARTING, life.observedState());
    happens(new Launched(7));
    assertEquals(List.of(new SendStopSignal(7)), actions);
    ends(new ProcessEnd.Signalled(15));
    assertEquals(Optional.of(SECOND), life.runs().current());
    assertTrue(actions.contains(new Launch()));
  }

  private List<ProcessAction> launches() {
    return actions.stream()
        .filter(action -> action instanceof Launch || action instanceof LaunchHook)
        .toList();
  }
}
