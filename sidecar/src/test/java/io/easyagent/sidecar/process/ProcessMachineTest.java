package io.easyagent.sidecar.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.easyagent.sidecar.agent.AgentType;
import io.easyagent.sidecar.agent.DesiredState;
import io.easyagent.sidecar.agent.HealthCheck.OnFailure;
import io.easyagent.sidecar.agent.ObservedAgent;
import io.easyagent.sidecar.agent.Readiness;
import io.easyagent.sidecar.agent.RestartRule.Policy;
import io.easyagent.sidecar.agent.SuccessfulEnds;
import io.easyagent.sidecar.process.ProcessEvent.DeadlinePassed;
import io.easyagent.sidecar.process.ProcessEvent.FoundEnded;
import io.easyagent.sidecar.process.ProcessEvent.FoundHeld;
import io.easyagent.sidecar.process.ProcessEvent.FoundNothing;
import io.easyagent.sidecar.process.ProcessEvent.FoundRunning;
import io.easyagent.sidecar.process.ProcessEvent.LaunchFailed;
import io.easyagent.sidecar.process.ProcessEvent.Launched;
import io.easyagent.sidecar.process.ProcessEvent.ProbeFailed;
import io.easyagent.sidecar.process.ProcessEvent.ProbeSucceeded;
import io.easyagent.sidecar.process.ProcessEvent.ProcessEnded;
import io.easyagent.sidecar.process.ProcessEvent.StartWanted;
import io.easyagent.sidecar.process.ProcessEvent.StopWanted;
import io.easyagent.sidecar.process.ProcessEvent.TreeCleared;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Whole lives, told by what happens and what comes of it. */
class ProcessMachineTest {
  private static final ProcessEnd CRASH = new ProcessEnd.Signalled(11);
  private static final ProcessEnd FAILURE = new ProcessEnd.Exited(1);
  private static final ProcessEnd SUCCESS = new ProcessEnd.Exited(0);

  private ProcessLife life = ProcessLife.unknown(DesiredState.STOPPED);
  private ProcessRules rules = Rules.service();
  private ProcessMachine machine = new ProcessMachine(rules, () -> 0);
  private Duration now = Duration.ZERO;
  private final List<ProcessAction> actions = new ArrayList<>();

  private void rules(ProcessRules changed) {
    rules = changed;
    machine = new ProcessMachine(rules, () -> 0);
  }

  private void happens(ProcessEvent... events) {
    actions.clear();
    for (ProcessEvent event : events) {
      Step step = machine.step(life, event, now);
      life = step.life();
      actions.addAll(step.actions());
    }
  }

  private void passes(Duration duration) {
    now = now.plus(duration);
    happens(new DeadlinePassed());
  }

  private void runs() {
    happens(new FoundNothing(), new StartWanted(), new Launched(7));
    passes(Duration.ofSeconds(1));
    assertEquals(ObservedAgent.State.RUNNING, life.observedState());
  }

  private void crashesAfter(Duration uptime) {
    now = now.plus(uptime);
    happens(new ProcessEnded(CRASH, "", 0));
    assertTrue(actions.contains(new ProcessAction.ClearTree()));
    happens(new TreeCleared());
  }

  private void assertActions(ProcessAction... expected) {
    assertEquals(List.of(expected), actions);
  }

  @Test
  void aServiceCountsAsRunningOnceItStayedUpForASecond() {
    happens(new FoundNothing(), new StartWanted());
    assertTrue(actions.contains(new ProcessAction.Launch()));
    happens(new Launched(7));
    passes(Duration.ofMillis(999));
    assertEquals(ObservedAgent.State.STARTING, life.observedState());
    passes(Duration.ofMillis(1));
    assertEquals(ObservedAgent.State.RUNNING, life.observedState());
    assertTrue(actions.contains(new ProcessAction.ReportStarted(7)));
  }

  @Test
  void aFailedFirstTryIsReportedWithItsLastWordsAndTriedAgainAtOnce() {
    happens(new FoundNothing(), new StartWanted(), new Launched(7));
    now = now.plusMillis(400);
    happens(new ProcessEnded(FAILURE, "data path already locked", 0));
    happens(new TreeCleared());
    String cause = "exit 1 after 0.4 s: \"data path already locked\"";
    assertActions(new ProcessAction.ReportNotStarted(cause), new ProcessAction.Launch());
    assertEquals(cause, life.cause());
    assertEquals(1, life.restarts());
  }

  @Test
  void theBackOffGrowsIsCappedAndNeverGivesUp() {
    runs();
    crashesAfter(Duration.ofSeconds(5));
    assertActions(new ProcessAction.Launch());
    List<Duration> delays = new ArrayList<>();
    for (int crash = 0; crash < 50; crash++) {
      happens(new Launched(8 + crash));
      happens(new ProcessEnded(CRASH, "", 0), new TreeCleared());
      ProcessState.BackingOff backingOff = (ProcessState.BackingOff) life.state();
      delays.add(backingOff.until().minus(now));
      passes(backingOff.until().minus(now));
      assertActions(new ProcessAction.Launch());
    }
    assertEquals(
        List.of(1L, 2L, 4L, 8L, 16L, 32L, 60L, 60L),
        delays.subList(0, 8).stream().map(Duration::toSeconds).toList());
    assertEquals(Duration.ofSeconds(60), delays.getLast());
    assertEquals(51, life.restarts());
  }

  @Test
  void shortRunsInARowAreACrashLoopUntilOneIsStable() {
    runs();
    crashesAfter(Duration.ofSeconds(5));
    happens(new Launched(8));
    List<String> causes = new ArrayList<>();
    List<ProcessAction.Kind> announced = new ArrayList<>();
    for (int crash = 2; crash <= 7; crash++) {
      passes(Duration.ofSeconds(1));
      crashesAfter(Duration.ofSeconds(1));
      causes.add(life.cause());
      actions.stream()
          .filter(ProcessAction.Announce.class::isInstance)
          .map(action -> ((ProcessAction.Announce) action).kind())
          .forEach(announced::add);
      passes(Duration.ofMinutes(1));
      happens(new Launched(8));
      assertEquals(causes.getLast(), life.cause());
    }
    String crash = "ended by SIGSEGV after 2.0 s";
    assertEquals(
        List.of(
            crash,
            crash,
            crash,
            "crash loop: 5 short runs in a row, last: " + crash,
            "crash loop: 6 short runs in a row, last: " + crash,
            "crash loop: 7 short runs in a row, last: " + crash),
        causes);
    assertEquals(1, announced.stream().filter(ProcessAction.Kind.CRASH_LOOP::equals).count());
    passes(Duration.ofSeconds(1));
    assertEquals(ObservedAgent.State.RUNNING, life.observedState());
    assertEquals("", life.cause());
    crashesAfter(Duration.ofMinutes(10));
    assertActions(new ProcessAction.Launch());
    assertTrue(life.cause().startsWith("ended by SIGSEGV"), life.cause());
  }

  @Test
  void jitterShortensADelayByUpToAQuarter() {
    machine = new ProcessMachine(Rules.service(), () -> 0.999);
    runs();
    crashesAfter(Duration.ofSeconds(5));
    happens(new Launched(8));
    happens(new ProcessEnded(CRASH, "", 0), new TreeCleared());
    Duration delay = life.state().deadline().orElseThrow().minus(now);
    assertTrue(delay.toMillis() >= 750 && delay.toMillis() < 760, delay.toString());
  }

  @Test
  void aStableRunMakesTheNextRestartAFirstOneAgain() {
    runs();
    crashesAfter(Duration.ofSeconds(5));
    happens(new Launched(8));
    passes(Duration.ofSeconds(1));
    crashesAfter(Duration.ofMinutes(10));
    assertActions(new ProcessAction.Launch());
  }

  @Test
  void aLaunchThatFailsBacksOffToo() {
    happens(new FoundNothing(), new StartWanted(), new LaunchFailed("no such user: beats"));
    assertTrue(actions.contains(new ProcessAction.ReportNotStarted("no such user: beats")));
    happens(new LaunchFailed("no such user: beats"));
    assertEquals(ObservedAgent.State.BACKING_OFF, life.observedState());
  }

  @Test
  void aStopIsSignalledThenKilledAfterTheGrace() {
    runs();
    happens(new StopWanted());
    assertTrue(actions.contains(new ProcessAction.SendStopSignal(7)));
    passes(Duration.ofSeconds(29));
    assertActions();
    passes(Duration.ofSeconds(1));
    assertActions(new ProcessAction.KillTree());
    happens(new ProcessEnded(new ProcessEnd.Signalled(9), "", 0), new TreeCleared());
    assertTrue(actions.contains(new ProcessAction.ReportStopped(true)));
    assertTrue(actions.contains(new ProcessAction.DropRecord()));
    assertEquals(ObservedAgent.State.STOPPED, life.observedState());
  }

  @Test
  void whatSurvivesAKillIsReportedAndKilledAgain() {
    runs();
    happens(new StopWanted());
    passes(Duration.ofSeconds(30));
    passes(ProcessMachine.KILL_AGAIN);
    assertActions(
        new ProcessAction.KillTree(),
        new ProcessAction.ReportNotStopped("process 7 is still there after SIGKILL"));
  }

  @Test
  void aStartDuringAStopLaunchesOnceTheTreeIsCleared() {
    runs();
    happens(new StopWanted(), new StartWanted());
    happens(new ProcessEnded(SUCCESS, "", 0));
    assertTrue(actions.stream().noneMatch(ProcessAction.Launch.class::isInstance));
    happens(new TreeCleared());
    assertActions(new ProcessAction.ReportStopped(false), new ProcessAction.Launch());
    assertEquals(0, life.restarts());
  }

  @Test
  void aProgramThatDaemonisesIsRefused() {
    happens(new FoundNothing(), new StartWanted(), new Launched(7));
    now = now.plusMillis(100);
    happens(new ProcessEnded(SUCCESS, "", 2));
    assertTrue(actions.contains(new ProcessAction.ClearTree()));
    assertTrue(life.cause().endsWith("run it in the foreground"), life.cause());
  }

  @Test
  void readinessWaitsForItsProbe() {
    rules(Rules.withReady(Rules.service(), Duration.ofSeconds(90)));
    happens(new FoundNothing(), new StartWanted(), new Launched(7));
    passes(Duration.ofSeconds(30));
    happens(new ProbeFailed("connection refused"));
    assertEquals(ObservedAgent.State.STARTING, life.observedState());
    happens(new ProbeSucceeded());
    assertEquals(ObservedAgent.State.RUNNING, life.observedState());
  }

  @Test
  void whatIsNotReadyInTimeIsStoppedAndCountsAsAFailedStart() {
    rules(Rules.withReady(Rules.service(), Duration.ofSeconds(90)));
    happens(new FoundNothing(), new StartWanted(), new Launched(7));
    happens(new ProbeFailed("connection refused"));
    passes(Duration.ofSeconds(90));
    assertActions(new ProcessAction.SendStopSignal(7));
    happens(new ProcessEnded(SUCCESS, "", 0), new TreeCleared());
    String cause = "not ready within 90 s: connection refused";
    assertTrue(actions.contains(new ProcessAction.ReportNotStarted(cause)), actions.toString());
    assertTrue(actions.contains(new ProcessAction.Launch()));
  }

  @Test
  void readyByADelayIsWhatStaysUpThatLong() {
    rules(
        Rules.withReady(
            Rules.service(), new Readiness(new Readiness.Sign.StayedUp(), Duration.ofSeconds(5))));
    happens(new FoundNothing(), new StartWanted(), new Launched(7));
    assertEquals(Optional.empty(), Probing.of(life.state(), rules));
    passes(Duration.ofMillis(4999));
    assertEquals(ObservedAgent.State.STARTING, life.observedState());
    passes(Duration.ofMillis(1));
    assertEquals(ObservedAgent.State.RUNNING, life.observedState());
    assertTrue(actions.contains(new ProcessAction.ReportStarted(7)));

    life = ProcessLife.unknown(DesiredState.STOPPED);
    happens(new FoundNothing(), new StartWanted(), new Launched(8));
    now = now.plusSeconds(3);
    happens(new ProcessEnded(FAILURE, "", 0), new TreeCleared());
    assertTrue(actions.contains(new ProcessAction.ReportNotStarted("exit 1 after 3.0 s")));
  }

  @Test
  void whoseLineDoesNotComeInTimeIsNotReady() {
    Readiness ready = new Readiness(new Readiness.Sign.Line("up"), Duration.ofSeconds(5));
    rules(Rules.withReady(Rules.service(), ready));
    happens(new FoundNothing(), new StartWanted(), new Launched(7));
    assertEquals(ready.sign(), Probing.of(life.state(), rules).orElseThrow().sign());
    happens(new ProbeFailed("no line"));
    passes(Duration.ofSeconds(5));
    assertActions(new ProcessAction.SendStopSignal(7));
    assertEquals("not ready within 5.0 s: no line", life.cause());
  }

  @Test
  void healthFailuresCountInARowAfterTheStartPeriod() {
    rules(Rules.withHealth(Rules.service(), OnFailure.REPORT));
    runs();
    for (int probe = 0; probe < 5; probe++) {
      happens(new ProbeFailed("early"));
    }
    now = now.plusSeconds(20);
    happens(new ProbeFailed("500"), new ProbeFailed("500"), new ProbeSucceeded());
    happens(new ProbeFailed("500"), new ProbeFailed("500"));
    assertActions();
    happens(new ProbeFailed("503"), new ProbeFailed("503"));
    assertActions(new ProcessAction.Announce(ProcessAction.Kind.UNHEALTHY, "503"));
    assertEquals("unhealthy: 503", life.cause());
    happens(new ProbeSucceeded(), new ProbeSucceeded(), new ProbeFailed("504"));
    happens(new ProbeSucceeded(), new ProbeSucceeded());
    assertActions();
    assertEquals("unhealthy: 504", life.cause());
    happens(new ProbeSucceeded());
    assertActions(new ProcessAction.Announce(ProcessAction.Kind.HEALTHY, "healthy again"));
    assertEquals("", life.cause());
  }

  @Test
  void anUnhealthyAgentIsRestartedWhenItsDefinitionSaysSo() {
    rules(Rules.withHealth(Rules.service(), OnFailure.RESTART));
    runs();
    now = now.plusSeconds(20);
    happens(new ProbeFailed("x"), new ProbeFailed("x"), new ProbeFailed("x"));
    assertTrue(actions.contains(new ProcessAction.SendStopSignal(7)));
    happens(new ProcessEnded(SUCCESS, "", 0), new TreeCleared());
    assertTrue(actions.contains(new ProcessAction.Launch()));
    assertEquals("unhealthy: x", life.cause());
  }

  private Duration unhealthyUntilItsSuccessorIsLaunched() {
    now = now.plusSeconds(30);
    happens(new ProbeFailed("x"), new ProbeFailed("x"), new ProbeFailed("x"));
    happens(new ProcessEnded(new ProcessEnd.Signalled(15), "", 0), new TreeCleared());
    Duration delay = life.state().deadline().map(until -> until.minus(now)).orElse(Duration.ZERO);
    passes(delay);
    happens(new Launched(8));
    passes(Duration.ofSeconds(1));
    happens(new ProbeSucceeded());
    return delay;
  }

  @Test
  void aFlappingCheckRestartsEverMoreSeldom() {
    rules(Rules.withHealth(Rules.service(), OnFailure.RESTART));
    runs();
    List<Long> delays = new ArrayList<>();
    for (int restart = 0; restart < 9; restart++) {
      delays.add(unhealthyUntilItsSuccessorIsLaunched().toSeconds());
    }
    assertEquals(List.of(0L, 1L, 2L, 4L, 8L, 16L, 32L, 60L, 60L), delays);
    now = now.plusMinutes(10);
    assertEquals(Duration.ZERO, unhealthyUntilItsSuccessorIsLaunched());
  }

  private static final String HELD = "unhealthy: x (stopped; it stays so until it is started)";

  @Test
  void anUnhealthyAgentStaysStoppedWhenItsDefinitionSaysSo() {
    rules(Rules.withHealth(Rules.service(), OnFailure.STOP));
    runs();
    now = now.plusSeconds(20);
    happens(new ProbeFailed("x"), new ProbeFailed("x"));
    happens(new ProbeFailed("x"));
    assertActions(
        new ProcessAction.Announce(ProcessAction.Kind.UNHEALTHY, "x"),
        new ProcessAction.Hold(HELD),
        new ProcessAction.SendStopSignal(7));
    happens(new ProcessEnded(SUCCESS, "", 0));
    happens(new TreeCleared());
    assertActions(new ProcessAction.ReportNotStarted(HELD));
    assertEquals(ObservedAgent.State.EXITED, life.observedState());
    assertEquals(DesiredState.RUNNING, life.desired());
    assertEquals(HELD, life.cause());
    happens(new StartWanted());
    assertActions(new ProcessAction.Launch());
    assertEquals("", life.cause());
  }

  @Test
  void whatIsHeldStaysSoInTheNextLifeOfTheSidecar() {
    life = ProcessLife.unknown(DesiredState.RUNNING);
    happens(new FoundHeld(new ProcessEnd.Signalled(15), HELD, false));
    assertActions(new ProcessAction.ClearTree());
    happens(new TreeCleared());
    assertEquals(ObservedAgent.State.EXITED, life.observedState());
    assertEquals(HELD, life.cause());
    happens(new StopWanted());
    assertActions(new ProcessAction.DropRecord(), new ProcessAction.ReportAlreadyStopped());
  }

  @Test
  void whatWasBeingStoppedToBeHeldIsStoppedOn() {
    life = ProcessLife.unknown(DesiredState.RUNNING);
    happens(new FoundRunning(99, Duration.ofHours(5), Optional.of(HELD)));
    assertActions(new ProcessAction.SendStopSignal(99));
    happens(new ProcessEnded(SUCCESS, "", 0), new TreeCleared());
    assertEquals(ObservedAgent.State.EXITED, life.observedState());
    assertEquals(HELD, life.cause());
  }

  @Test
  void whoWakesLateLooksForReadinessOnceMore() {
    rules(Rules.withReady(Rules.service(), Duration.ofSeconds(90)));
    happens(new FoundNothing(), new StartWanted(), new Launched(7));
    passes(Duration.ofSeconds(90).plus(ProcessRules.LATE).plusMillis(1));
    assertActions();
    assertEquals(ObservedAgent.State.STARTING, life.observedState());
    passes(ProcessRules.READY_PROBE_TIMEOUT);
    assertActions(new ProcessAction.SendStopSignal(7));
  }

  @Test
  void aOneshotsStartEndsWithItsExit() {
    rules(Rules.of(AgentType.ONESHOT, Policy.ALWAYS));
    happens(new FoundNothing(), new StartWanted(), new Launched(7));
    assertEquals(ObservedAgent.State.RUNNING, life.observedState());
    now = now.plusSeconds(50);
    happens(new ProcessEnded(SUCCESS, "", 0), new TreeCleared());
    assertTrue(actions.contains(new ProcessAction.ReportStarted(0)));
    assertEquals(ObservedAgent.State.EXITED, life.observedState());
    happens(new StartWanted());
    assertActions(new ProcessAction.Launch());
  }

  @Test
  void aFailedOneshotIsRepeatedOnlyByARuleForFailures() {
    rules(Rules.of(AgentType.ONESHOT, Policy.ALWAYS));
    happens(new FoundNothing(), new StartWanted(), new Launched(7));
    happens(new ProcessEnded(FAILURE, "no", 0), new TreeCleared());
    assertEquals(ObservedAgent.State.EXITED, life.observedState());
    rules(Rules.of(AgentType.ONESHOT, Policy.ON_FAILURE));
    happens(new StartWanted(), new Launched(8));
    happens(new ProcessEnded(FAILURE, "no", 0), new TreeCleared());
    assertTrue(actions.contains(new ProcessAction.Launch()));
  }

  @Test
  void whatRunsIsAdoptedWithItsAge() {
    life = ProcessLife.unknown(DesiredState.RUNNING);
    now = Duration.ofSeconds(3);
    happens(new FoundRunning(99, Duration.ofHours(5)));
    assertTrue(actions.contains(new ProcessAction.ReportAlreadyRunning(99)));
    assertEquals(99, life.state().pid().orElseThrow());
    crashesAfter(Duration.ofSeconds(1));
    assertTrue(actions.contains(new ProcessAction.Launch()));
    assertTrue(life.cause().contains("5 h"), life.cause());
  }

  @Test
  void whatRunsAndIsToBeStoppedIsStopped() {
    happens(new FoundRunning(99, Duration.ofHours(5)));
    assertActions(new ProcessAction.SendStopSignal(99));
  }

  @Test
  void whatEndedMeanwhileIsReportedAndRestartedByPolicy() {
    life = ProcessLife.unknown(DesiredState.RUNNING);
    happens(new FoundEnded(new ProcessEnd.Exited(143)));
    assertTrue(
        actions.contains(
            new ProcessAction.AnnounceEnd(
                new ProcessAction.Announce(
                    ProcessAction.Kind.EXITED, "while the sidecar was away: exit 143"))));
    happens(new TreeCleared());
    assertActions(new ProcessAction.Launch());
  }

  @Test
  void anUnknownEndCountsAsAFailure() {
    rules(Rules.of(AgentType.SERVICE, Policy.ON_FAILURE));
    life = ProcessLife.unknown(DesiredState.RUNNING);
    happens(new FoundEnded(new ProcessEnd.Unknown("its keeper ended first")));
    happens(new TreeCleared());
    assertActions(new ProcessAction.Launch());
  }

  @Test
  void aSuccessIsNotRestartedOnFailureOnly() {
    rules(Rules.of(AgentType.SERVICE, Policy.ON_FAILURE));
    runs();
    happens(new ProcessEnded(SUCCESS, "", 0), new TreeCleared());
    assertEquals(ObservedAgent.State.EXITED, life.observedState());
  }

  @Test
  void otherEndsMayBeASuccessToo() {
    ProcessRules onFailure = Rules.of(AgentType.SERVICE, Policy.ON_FAILURE);
    rules(Rules.withSuccess(onFailure, new SuccessfulEnds(Set.of(143), Set.of("TERM"))));
    for (ProcessEnd end : List.of(new ProcessEnd.Exited(143), new ProcessEnd.Signalled(15))) {
      life = ProcessLife.unknown(DesiredState.STOPPED);
      runs();
      happens(new ProcessEnded(end, "", 0), new TreeCleared());
      assertEquals(ObservedAgent.State.EXITED, life.observedState(), end::toString);
      life = ProcessLife.unknown(DesiredState.RUNNING);
      happens(new FoundEnded(end), new TreeCleared());
      assertEquals(ObservedAgent.State.EXITED, life.observedState(), end::toString);
    }
    for (ProcessEnd end : List.of(FAILURE, CRASH, new ProcessEnd.Unknown("unseen"))) {
      life = ProcessLife.unknown(DesiredState.STOPPED);
      runs();
      happens(new ProcessEnded(end, "", 0));
      happens(new TreeCleared());
      assertActions(new ProcessAction.Launch());
    }
  }

  @Test
  void aOneshotThatEndsAsItsRuleSaysHasStarted() {
    ProcessRules oneshot = Rules.of(AgentType.ONESHOT, Policy.NEVER);
    rules(Rules.withSuccess(oneshot, new SuccessfulEnds(Set.of(3), Set.of())));
    happens(new FoundNothing(), new StartWanted(), new Launched(7));
    happens(new ProcessEnded(new ProcessEnd.Exited(3), "", 0));
    happens(new TreeCleared());
    assertActions(new ProcessAction.ReportStarted(0));
  }

  @Test
  void anEarlyTimerIsIgnored() {
    runs();
    happens(new StopWanted());
    happens(new DeadlinePassed());
    assertActions();
    assertEquals(ObservedAgent.State.STOPPING, life.observedState());
  }
}
