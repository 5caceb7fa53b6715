package io.easyagent.sidecar.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.easyagent.sidecar.agent.AgentType;
import io.easyagent.sidecar.agent.DesiredState;
import io.easyagent.sidecar.agent.ObservedAgent;
import io.easyagent.sidecar.agent.RestartRule.Policy;
import io.easyagent.sidecar.process.ProcessAction.Announce;
import io.easyagent.sidecar.process.ProcessAction.AnnounceEnd;
import io.easyagent.sidecar.process.ProcessAction.ClearTree;
import io.easyagent.sidecar.process.ProcessAction.DropRecord;
import io.easyagent.sidecar.process.ProcessAction.KillTree;
import io.easyagent.sidecar.process.ProcessAction.Kind;
import io.easyagent.sidecar.process.ProcessAction.Launch;
import io.easyagent.sidecar.process.ProcessAction.LaunchHook;
import io.easyagent.sidecar.process.ProcessAction.ReportNotStarted;
import io.easyagent.sidecar.process.ProcessAction.ReportStopped;
import io.easyagent.sidecar.process.ProcessAction.SendStopSignal;
import io.easyagent.sidecar.process.ProcessEvent.DeadlinePassed;
import io.easyagent.sidecar.process.ProcessEvent.FoundDue;
import io.easyagent.sidecar.process.ProcessEvent.FoundEnded;
import io.easyagent.sidecar.process.ProcessEvent.FoundHook;
import io.easyagent.sidecar.process.ProcessEvent.FoundHookEnded;
import io.easyagent.sidecar.process.ProcessEvent.FoundNothing;
import io.easyagent.sidecar.process.ProcessEvent.LaunchFailed;
import io.easyagent.sidecar.process.ProcessEvent.Launched;
import io.easyagent.sidecar.process.ProcessEvent.ProcessEnded;
import io.easyagent.sidecar.process.ProcessEvent.StartWanted;
import io.easyagent.sidecar.process.ProcessEvent.StopWanted;
import io.easyagent.sidecar.process.ProcessEvent.TreeCleared;
import io.easyagent.sidecar.process.ProcessEvent.TreeRemained;
import io.easyagent.sidecar.process.ProcessState.Due;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Whole lives of agents with hooks. */
class HookMachineTest {
  private static final ProcessEnd WELL = new ProcessEnd.Exited(0);
  private static final ProcessEnd BADLY = new ProcessEnd.Exited(3);
  private static final ProcessEnd TERMINATED = new ProcessEnd.Signalled(15);
  private static final Duration TIMEOUT = Duration.ofSeconds(20);

  private ProcessLife life = ProcessLife.unknown(DesiredState.STOPPED);
  private ProcessMachine machine = machine(Policy.ALWAYS, true, true);
  private Duration now = Duration.ofHours(1);
  private final List<ProcessAction> actions = new ArrayList<>();

  private static ProcessMachine machine(Policy policy, boolean preStart, boolean postStop) {
    return new ProcessMachine(
        Rules.withHooks(Rules.of(AgentType.SERVICE, policy), preStart, postStop), () -> 0);
  }

  private void happens(ProcessEvent... events) {
    for (ProcessEvent event : events) {
      actions.clear();
      Step step = machine.step(life, event, now);
      life = step.life();
      actions.addAll(step.actions());
    }
  }

  private void passes(Duration duration) {
    now = now.plus(duration);
    happens(new DeadlinePassed());
  }

  private static ProcessEnded ended(ProcessEnd end) {
    return new ProcessEnded(end, "", 0);
  }

  /** Its preStart runs as process 6. */
  private void prepares() {
    happens(new FoundNothing(), new StartWanted());
    assertEquals(List.of(new LaunchHook(new Due.PreStart(0))), actions);
    happens(new Launched(6));
  }

  /** Runs as process 7. */
  private void runs() {
    prepares();
    happens(ended(WELL), new TreeCleared(), new Launched(7));
    passes(Duration.ofSeconds(1));
    assertEquals(ObservedAgent.State.RUNNING, life.observedState());
  }

  private void assertPostStopBegins() {
    assertTrue(
        actions.getLast() instanceof LaunchHook(Due.PostStop _), () -> "instead: " + actions);
    assertEquals(ObservedAgent.State.STOPPING, life.observedState());
  }

  private static AnnounceEnd hookFailed(String message) {
    return new AnnounceEnd(new Announce(Kind.HOOK_FAILED, message));
  }

  @Test
  void theProcessIsLaunchedOnceItsPreStartHasEndedWellAndNothingOfItIsLeft() {
    prepares();
    assertEquals(ObservedAgent.State.STARTING, life.observedState());
    assertEquals("preStart runs", life.shownCause());
    assertEquals(OptionalInt.empty(), life.state().pid());
    happens(ended(WELL));
    assertEquals(List.of(new ClearTree()), actions);
    happens(new TreeRemained("process 8 is left"));
    passes(Aftermath.CLEAR_AGAIN);
    assertEquals(List.of(new ClearTree()), actions);
    happens(new TreeCleared());
    assertEquals(List.of(new Launch()), actions);
    happens(new Launched(7));
    passes(Duration.ofSeconds(1));
    assertTrue(actions.contains(new ProcessAction.ReportStarted(7)));
    assertEquals("", life.shownCause());
  }

  @ParameterizedTest
  @EnumSource
  void aFailedPreStartIsAFailedStart(Policy policy) {
    machine = machine(policy, true, false);
    prepares();
    now = now.plusMillis(400);
    happens(new ProcessEnded(BADLY, "no such disk", 0));
    String cause = "preStart: exit 3 after 0.4 s: \"no such disk\"";
    assertEquals(List.of(hookFailed(cause), new ClearTree()), actions);
    happens(new TreeCleared());
    assertEquals(
        policy == Policy.NEVER
            ? List.of(new ReportNotStarted(cause))
            : List.of(new ReportNotStarted(cause), new LaunchHook(new Due.PreStart(1))),
        actions);
    assertEquals(cause, life.cause());
  }

  @Test
  void howeverLongAPreStartRunsItsFailuresBackOff() {
    machine = machine(Policy.ALWAYS, true, false);
    prepares();
    List<Duration> delays = new ArrayList<>();
    for (int failure = 0; failure < 4; failure++) {
      now = now.plus(Duration.ofHours(1));
      happens(ended(BADLY), new TreeCleared());
      Duration delay = life.state().deadline().map(until -> until.minus(now)).orElse(Duration.ZERO);
      delays.add(delay);
      passes(delay);
      assertTrue(actions.isEmpty() || actions.getLast() instanceof LaunchHook, actions::toString);
      happens(new Launched(8));
    }
    assertEquals(
        List.of(Duration.ZERO, Duration.ofSeconds(1), Duration.ofSeconds(2), Duration.ofSeconds(4)),
        delays);
  }

  @Test
  void aPreStartThatNeverEndsIsKilledUntilItIsGone() {
    prepares();
    passes(TIMEOUT.minusMillis(1));
    assertEquals(List.of(), actions);
    passes(Duration.ofMillis(1));
    assertEquals(List.of(new KillTree()), actions);
    assertEquals("preStart is being ended; preStart: not done within 20 s", life.shownCause());
    passes(ProcessMachine.KILL_AGAIN);
    assertTrue(actions.contains(new KillTree()));
    happens(ended(new ProcessEnd.Signalled(9)));
    assertTrue(actions.contains(hookFailed("preStart: not done within 20 s")));
    happens(new TreeCleared());
    assertPostStopBegins();
  }

  @Test
  void aStopEndsThePreStartAndIsFollowedByThePostStop() {
    prepares();
    happens(new StopWanted());
    assertEquals(
        List.of(new ReportNotStarted(ProcessMachine.STOPPED_MEANWHILE), new SendStopSignal(6)),
        actions);
    passes(Duration.ofSeconds(30));
    assertEquals(List.of(new KillTree()), actions);
    happens(ended(new ProcessEnd.Signalled(9)), new TreeCleared());
    assertPostStopBegins();
    happens(new Launched(8), ended(WELL), new TreeCleared());
    assertEquals(List.of(new DropRecord(), new ReportStopped(true)), actions);
    assertEquals(ObservedAgent.State.STOPPED, life.observedState());
  }

  @Test
  void aStopThatComesWhenThePreStartIsOverLaunchesNothing() {
    machine = machine(Policy.ALWAYS, true, false);
    prepares();
    happens(ended(WELL), new StopWanted());
    assertEquals(List.of(new ReportNotStarted(ProcessMachine.STOPPED_MEANWHILE)), actions);
    happens(new TreeCleared());
    assertEquals(List.of(new DropRecord(), new ReportStopped(false)), actions);
  }

  @Test
  void aPostStopRunsBeforeTheSuccessor() {
    runs();
    happens(ended(BADLY), new TreeCleared());
    assertPostStopBegins();
    assertTrue(life.shownCause().startsWith("postStop runs; exit 3 after"), life.shownCause());
    happens(new Launched(8));
    assertEquals(OptionalInt.empty(), life.state().pid());
    happens(ended(WELL), new TreeCleared());
    assertEquals(List.of(new LaunchHook(new Due.PreStart(1))), actions);
  }

  @Test
  void aPostStopIsToldHowTheStartEnded() {
    runs();
    happens(ended(BADLY), new TreeCleared());
    Due.PostStop due = assertInstanceOf(Due.PostStop.class, ((LaunchHook) actions.getLast()).due());
    assertEquals(BADLY, due.ending().end());
    assertTrue(due.ending().failed());
  }

  @Test
  void aFailedPostStopIsToldAndPreventsNothing() {
    machine = machine(Policy.NEVER, true, true);
    runs();
    now = now.plusSeconds(4);
    happens(ended(BADLY), new TreeCleared(), new Launched(8));
    now = now.plusSeconds(1);
    happens(new ProcessEnded(new ProcessEnd.Exited(4), "oh", 0));
    String failure = "postStop: exit 4 after 1.0 s: \"oh\"";
    assertEquals(List.of(hookFailed(failure), new ClearTree()), actions);
    happens(new TreeCleared());
    assertEquals("exit 3 after 5.0 s; " + failure, life.cause());
    assertEquals(ObservedAgent.State.EXITED, life.observedState());
  }

  @Test
  void aStoppedAgentWhosePostStopFailedSaysSo() {
    runs();
    happens(new StopWanted(), ended(TERMINATED), new TreeCleared());
    assertPostStopBegins();
    happens(new LaunchFailed("refused by the host's policy"));
    String failure = "postStop: refused by the host's policy";
    assertEquals(
        List.of(
            new Announce(Kind.HOOK_FAILED, failure), new DropRecord(), new ReportStopped(false)),
        actions);
    assertEquals(failure, life.cause());
  }

  @Test
  void aPostStopThatNeverEndsIsKilledUntilItIsGone() {
    runs();
    happens(new StopWanted(), ended(TERMINATED), new TreeCleared(), new Launched(8));
    passes(TIMEOUT);
    assertEquals(List.of(new KillTree()), actions);
    passes(ProcessMachine.KILL_AGAIN.minusMillis(1));
    assertEquals(List.of(), actions);
    passes(Duration.ofMillis(1));
    assertEquals(List.of(new KillTree()), actions);
    happens(ended(WELL));
    assertTrue(actions.contains(hookFailed("postStop: not done within 20 s")));
    happens(new TreeCleared());
    assertEquals(ObservedAgent.State.STOPPED, life.observedState());
  }

  @Test
  void whatIsAskedForDuringAPostStopFollowsIt() {
    runs();
    happens(ended(BADLY), new TreeCleared(), new Launched(8), new StopWanted());
    assertFalse(actions.contains(new SendStopSignal(8)));
    happens(new StartWanted(), ended(WELL), new TreeCleared());
    assertEquals(List.of(new ReportStopped(false), new LaunchHook(new Due.PreStart(0))), actions);
    assertEquals(0, life.restarts());
  }

  @Test
  void aLaunchThatFailsAfterItsPreStartIsFollowedByThePostStop() {
    prepares();
    happens(ended(WELL), new TreeCleared(), new LaunchFailed("no room"));
    assertEquals(new DropRecord(), actions.getFirst());
    assertPostStopBegins();
  }

  @Test
  void wherePreStartCouldNotBeLaunchedNothingIsToBeUndone() {
    machine = machine(Policy.NEVER, true, true);
    happens(new FoundNothing(), new StartWanted(), new LaunchFailed("no room"));
    assertEquals(List.of(new ReportNotStarted("preStart: no room")), actions);
  }

  @Test
  void aPreStartIsAdoptedAndItsTimeCountsFromItsLaunch() {
    life = ProcessLife.unknown(DesiredState.RUNNING);
    happens(new FoundHook(new FoundDue.PreStart(), 6, Duration.ofSeconds(19)));
    assertEquals(List.of(new Announce(Kind.ADOPTED, "preStart, pid 6")), actions);
    passes(Duration.ofSeconds(1));
    assertEquals(List.of(new KillTree()), actions);
  }

  @Test
  void aPreStartThatEndedMeanwhileIsNotRunAgain() {
    life = ProcessLife.unknown(DesiredState.RUNNING);
    happens(new FoundHookEnded(new FoundDue.PreStart(), WELL), new TreeCleared());
    assertEquals(List.of(new Launch()), actions);
    life = ProcessLife.unknown(DesiredState.RUNNING);
    happens(new FoundHookEnded(new FoundDue.PreStart(), BADLY));
    assertEquals(hookFailed("while the sidecar was away: preStart: exit 3"), actions.getFirst());
    happens(new TreeCleared());
    assertPostStopBegins();
  }

  @Test
  void aPreStartThatIsFoundAndNotWantedIsStopped() {
    happens(new FoundHook(new FoundDue.PreStart(), 6, Duration.ofSeconds(1)));
    assertEquals(new SendStopSignal(6), actions.getLast());
  }

  private static FoundDue postStop(Optional<String> held) {
    return new FoundDue.PostStop(BADLY, true, "exit 3 after 5.0 s", held);
  }

  @Test
  void aPostStopIsAdoptedAndFollowedByWhatWouldHave() {
    life = ProcessLife.unknown(DesiredState.RUNNING);
    happens(new FoundHook(postStop(Optional.empty()), 8, Duration.ofSeconds(1)));
    assertEquals(ObservedAgent.State.STOPPING, life.observedState());
    happens(ended(WELL), new TreeCleared());
    assertEquals(List.of(new LaunchHook(new Due.PreStart(1))), actions);
    assertEquals("exit 3 after 5.0 s", life.cause());
  }

  @Test
  void aPostStopThatEndedMeanwhileIsNotRunAgain() {
    happens(new FoundHookEnded(postStop(Optional.empty()), WELL), new TreeCleared());
    assertEquals(List.of(new DropRecord(), new ReportStopped(false)), actions);
    life = ProcessLife.unknown(DesiredState.RUNNING);
    machine = machine(Policy.NEVER, false, true);
    happens(new FoundHookEnded(postStop(Optional.empty()), BADLY));
    assertTrue(actions.contains(hookFailed("postStop: exit 3")));
    happens(new TreeCleared());
    assertEquals(List.of(new ReportNotStarted("exit 3 after 5.0 s; postStop: exit 3")), actions);
  }

  /** What further lives of the sidecar find again is never told as if it had just happened. */
  @ParameterizedTest
  @MethodSource
  void anEndThatIsFoundIsToldAsTheEndOfTheLaunchOnRecord(
      DesiredState desired, ProcessEvent found, Kind kind) {
    machine = machine(Policy.NEVER, true, true);
    life = ProcessLife.unknown(desired);
    happens(found);
    List<ProcessAction> told =
        actions.stream()
            .filter(action -> action instanceof Announce || action instanceof AnnounceEnd)
            .toList();
    assertEquals(1, told.size(), told::toString);
    assertEquals(kind, assertInstanceOf(AnnounceEnd.class, told.getFirst()).told().kind());
  }

  static Stream<Arguments> anEndThatIsFoundIsToldAsTheEndOfTheLaunchOnRecord() {
    return Arrays.stream(DesiredState.values())
        .flatMap(desired ->
            Stream.of(
                Arguments.of(desired, new FoundEnded(BADLY), Kind.EXITED),
                Arguments.of(
                    desired, new FoundHookEnded(new FoundDue.PreStart(), BADLY), Kind.HOOK_FAILED),
                Arguments.of(
                    desired,
                    new FoundHookEnded(postStop(Optional.empty()), BADLY),
                    Kind.HOOK_FAILED),
                Arguments.of(
                    desired,
                    new FoundHookEnded(postStop(Optional.of("held")), BADLY),
                    Kind.HOOK_FAILED)));
  }

  @Test
  void whatIsHeldStaysSoAcrossItsPostStop() {
    life = ProcessLife.unknown(DesiredState.RUNNING);
    happens(new FoundHookEnded(postStop(Optional.of("held")), WELL), new TreeCleared());
    assertEquals(ObservedAgent.State.EXITED, life.observedState());
    assertEquals("held", life.cause());
  }

  @Test
  void anEndThatNobodySawIsFollowedByThePostStop() {
    life = ProcessLife.unknown(DesiredState.RUNNING);
    happens(new FoundEnded(BADLY), new TreeCleared());
    assertPostStopBegins();
  }
}
