package io.easyagent.sidecar.supervise;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.easyagent.sidecar.agent.AgentId;
import io.easyagent.sidecar.agent.AgentType;
import io.easyagent.sidecar.agent.DesiredState;
import io.easyagent.sidecar.agent.ObservedAgent;
import io.easyagent.sidecar.agent.ObservedAgent.State;
import io.easyagent.sidecar.agent.Schedule;
import io.easyagent.sidecar.agent.Schedule.Missed;
import io.easyagent.sidecar.agent.Schedule.Overlap;
import io.easyagent.sidecar.supervise.Supervision.StartResult;
import io.easyagent.sidecar.supervise.Supervision.StopResult;
import io.easyagent.testkit.Eventually;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Schedules and real processes; the wall clock is set to just before what is to happen. */
@Execution(ExecutionMode.CONCURRENT)
class ScheduledIT {
  private static final Instant DUE = Instant.parse("2026-01-10T02:10:00Z");
  private static final String MINUTELY = "* * * * *";
  private static final String DAILY = "10 2 * * *";

  @TempDir private Path folder;
  private final SetClock clock = new SetClock(DUE.minus(Duration.ofHours(1)));
  private final AgentId agent = Rig.newAgent();
  private final String marker = Rig.marker();
  private CgroupParents cgroups = CgroupParents.NONE;
  private Rig rig;

  @BeforeEach
  void open() throws IOException {
    cgroups = Rig.apart(Rig.everyContainment().toList().getLast());
    rig = new Rig(folder, cgroups, clock);
  }

  @AfterEach
  void leaveNothing() throws IOException {
    Rig.get(rig.supervision.stop(agent));
    rig.close();
    Rig.removeCgroups(cgroups);
    Eventually.await(Rig.PATIENCE, "nothing runs", () -> Rig.running(marker).isEmpty());
  }

  private LaunchPlan plan(String cron, Overlap overlap, Missed missed, String script) {
    return rig.shell(
        Rig.definition(AgentType.SERVICE, Rig.NEVER)
            .scheduled(new Schedule(cron, "UTC", Duration.ZERO, overlap, missed)),
        script + " # " + marker);
  }

  private LaunchPlan daily(String script) {
    return plan(DAILY, Overlap.SKIP, Missed.SKIP, script);
  }

  /** Each run notes itself and lasts until there is a file of its number. */
  private LaunchPlan lasting(Overlap overlap) {
    return plan(
        MINUTELY,
        overlap,
        Missed.SKIP,
        "echo run >> "
            + witness()
            + "; n=$(wc -l < "
            + witness()
            + "); until [ -e "
            + folder
            + "/end$n ]; do sleep 0.02; done");
  }

  private void end(int run) throws IOException {
    Files.createFile(folder.resolve("end" + run));
  }

  private Path witness() {
    return folder.resolve("witness");
  }

  private int runs() throws IOException {
    return Files.exists(witness()) ? Files.readAllLines(witness()).size() : 0;
  }

  private void awaitRuns(int count) {
    Eventually.await(Rig.PATIENCE, count + " runs", () -> runs() == count);
  }

  /** A run is due once it is started. */
  private void startAtDue(LaunchPlan plan) {
    start(plan);
    clockShows(DUE, plan);
  }

  private void start(LaunchPlan plan) {
    rig.supervision.supervise(agent, plan, DesiredState.STOPPED);
    assertEquals(new StartResult.Scheduled(), Rig.get(rig.supervision.start(agent)));
  }

  /** The clock is looked at when a plan comes, too. */
  private void clockShows(Instant now, LaunchPlan plan) {
    clock.set(now);
    rig.supervision.plan(agent, plan);
  }

  private ObservedAgent observed() {
    return rig.supervision.observe(agent);
  }

  /** A run has ended then: its process is seen before its state is. */
  private void awaitWaitFor(Instant next) {
    Eventually.await(
        Rig.PATIENCE,
        "it waits for " + next,
        () ->
            observed().state() == State.WAITING && observed().nextRun().equals(Optional.of(next)));
  }

  private void awaitHappened(String line) {
    Eventually.await(Rig.PATIENCE, line, () -> rig.happened.contains(line));
  }

  private boolean hasHappened(String kind) {
    return rig.happened.stream().anyMatch(line -> line.startsWith(kind + ": "));
  }

  @Test
  void aRunBeginsWhenItIsDueAndItsEndIsTold() throws IOException {
    clock.set(DUE.minusSeconds(3));
    start(daily("echo run >> " + witness()));
    assertEquals(State.WAITING, observed().state());
    assertEquals(Optional.of(DUE), observed().nextRun());
    assertEquals(0, runs());
    awaitRuns(1);
    assertFalse(clock.instant().isBefore(DUE));
    rig.awaitState(agent, State.WAITING);
    Eventually.await(
        Rig.PATIENCE,
        "its end is told",
        () -> observed().cause().startsWith("last run 2026-01-10 02:10: exit 0 after 0."));
    assertEquals(Optional.of(DUE.plus(Duration.ofDays(1))), observed().nextRun());
    assertTrue(hasHappened("started") && hasHappened("exited"), rig.happened::toString);
    assertEquals(1, runs());
  }

  @Test
  void aFailedRunIsToldWithItsLastWordsAndNotRestarted() throws IOException {
    startAtDue(daily("echo run >> " + witness() + "; echo no disk >&2; exit 4"));
    Eventually.await(
        Rig.PATIENCE,
        "its end is told",
        () ->
            observed().cause().startsWith("last run 2026-01-10 02:10: exit 4 after 0.")
                && observed().cause().endsWith(": \"no disk\""));
    assertEquals(State.WAITING, observed().state());
    assertTrue(hasHappened("run-failed"), rig.happened::toString);
    assertEquals(1, runs());
    assertEquals(0, observed().restarts());
  }

  @Test
  void skipLeavesOutWhatIsDueMeanwhile() throws IOException {
    LaunchPlan plan = lasting(Overlap.SKIP);
    startAtDue(plan);
    awaitRuns(1);
    clockShows(DUE.plusSeconds(60), plan);
    awaitHappened(
        "run-skipped: the run due 2026-01-10 02:11 is left out: the one before it has not ended");
    assertEquals(State.RUNNING, observed().state());
    end(1);
    rig.awaitState(agent, State.WAITING);
    assertEquals(1, runs());
  }

  @Test
  void queueRunsWhatWasDueMeanwhileOnce() throws IOException {
    LaunchPlan plan = lasting(Overlap.QUEUE);
    startAtDue(plan);
    awaitRuns(1);
    clockShows(DUE.plusSeconds(60), plan);
    awaitHappened(
        "run-queued: the run due 2026-01-10 02:11 waits for the end of the one before it");
    clockShows(DUE.plusSeconds(120), plan);
    awaitHappened(
        "run-skipped: the run due 2026-01-10 02:12 is left out: another one waits already");
    assertEquals(1, runs());
    end(1);
    awaitRuns(2);
    end(2);
    Eventually.await(
        Rig.PATIENCE,
        "the second has ended",
        () -> observed().cause().startsWith("last run 2026-01-10 02:11: exit 0"));
    assertEquals(2, runs());
  }

  @Test
  void whatWaitsForTheEndOfARunOutlivesTheSidecar() throws IOException {
    LaunchPlan plan = lasting(Overlap.QUEUE);
    startAtDue(plan);
    awaitRuns(1);
    clockShows(DUE.plusSeconds(60), plan);
    awaitHappened(
        "run-queued: the run due 2026-01-10 02:11 waits for the end of the one before it");
    int pid = observed().pid().orElseThrow();
    rig.close();
    rig = new Rig(folder, cgroups, clock);
    Rig.get(rig.supervision.supervise(agent, plan, DesiredState.RUNNING));
    assertEquals(pid, observed().pid().orElseThrow());
    end(1);
    awaitRuns(2);
    end(2);
    rig.awaitState(agent, State.WAITING);
  }

  @Test
  void replaceEndsTheRunInProgressWithItsWholeTree() throws IOException {
    LaunchPlan plan = lasting(Overlap.REPLACE);
    startAtDue(plan);
    awaitRuns(1);
    rig.awaitState(agent, State.RUNNING);
    int first = observed().pid().orElseThrow();
    clockShows(DUE.plusSeconds(60), plan);
    awaitRuns(2);
    assertFalse(Rig.running(marker).contains((long) first), "the first is gone");
    assertTrue(
        rig.happened.contains(
            "exited: run due 2026-01-10 02:10: replaced by the run due 2026-01-10 02:11"),
        rig.happened::toString);
    end(2);
    rig.awaitState(agent, State.WAITING);
    assertTrue(observed().cause().startsWith("last run 2026-01-10 02:11: exit 0"));
  }

  @Test
  void aStopEndsTheRunInProgressAndTheSchedule() throws IOException {
    LaunchPlan plan = lasting(Overlap.SKIP);
    startAtDue(plan);
    awaitRuns(1);
    assertEquals(new StopResult.Stopped(false), Rig.get(rig.supervision.stop(agent)));
    assertEquals(State.STOPPED, observed().state());
    assertEquals(Optional.empty(), observed().nextRun());
    clockShows(DUE.plusSeconds(60), plan);
    Rig.get(rig.supervision.start(agent));
    assertEquals(Optional.of(DUE.plusSeconds(120)), observed().nextRun());
    assertEquals(1, runs());
  }

  @Test
  void aClockThatIsPutBackBringsNoRunAgain() throws IOException {
    LaunchPlan plan = daily("echo run >> " + witness());
    startAtDue(plan);
    awaitRuns(1);
    awaitWaitFor(DUE.plus(Duration.ofDays(1)));
    clockShows(DUE.minus(Duration.ofHours(1)), plan);
    Eventually.await(
        Rig.PATIENCE,
        "the next run is tomorrow's",
        () -> observed().nextRun().equals(Optional.of(DUE.plus(Duration.ofDays(1)))));
    clockShows(DUE.plusSeconds(1), plan);
    assertEquals(StartResult.Scheduled.class, Rig.get(rig.supervision.start(agent)).getClass());
    assertEquals(1, runs());
  }

  @Test
  void whatWasMissedIsToldAndLeftOut() throws IOException {
    LaunchPlan plan = daily("echo run >> " + witness());
    start(plan);
    clockShows(DUE.plus(Duration.ofDays(2)).plusSeconds(61), plan);
    awaitHappened("run-missed: 3 runs were missed, the last one due 2026-01-12 02:10");
    Eventually.await(
        Rig.PATIENCE,
        "the next one is shown",
        () -> observed().nextRun().equals(Optional.of(DUE.plus(Duration.ofDays(3)))));
    assertEquals(0, runs());
  }

  @Test
  void whatWasMissedWhileTheSidecarWasDownIsMadeUpForOnce() throws IOException {
    LaunchPlan plan = plan(DAILY, Overlap.SKIP, Missed.ONCE, "echo run >> " + witness());
    start(plan);
    comesBackLater(plan);
  }

  @Test
  void whatWasMissedWhileTheHostWasDownIsMadeUpForOnce() throws IOException {
    LaunchPlan plan = plan(DAILY, Overlap.SKIP, Missed.ONCE, "echo run >> " + witness());
    start(plan);
    // As the host's orderly end does; what is desired stays as it was.
    Rig.get(rig.supervision.stop(agent));
    comesBackLater(plan);
  }

  private void comesBackLater(LaunchPlan plan) throws IOException {
    rig.close();
    clock.set(DUE.plus(Duration.ofDays(2)).plusSeconds(3_600));
    rig = new Rig(folder, cgroups, clock);
    rig.supervision.supervise(agent, plan, DesiredState.RUNNING);
    awaitHappened("run-missed: 2 runs were missed, before the one due 2026-01-12 02:10");
    awaitRuns(1);
    awaitWaitFor(DUE.plus(Duration.ofDays(3)));
    assertEquals(1, runs());
  }

  @Test
  void theLastRunIsStillToldByTheNextSidecar() throws IOException {
    LaunchPlan plan = daily("echo run >> " + witness());
    startAtDue(plan);
    awaitRuns(1);
    awaitWaitFor(DUE.plus(Duration.ofDays(1)));
    String cause = observed().cause();
    rig.close();
    rig = new Rig(folder, cgroups, clock);
    Rig.get(rig.supervision.supervise(agent, plan, DesiredState.RUNNING));
    assertEquals(State.WAITING, observed().state());
    assertEquals(cause, observed().cause());
  }

  @Test
  void aRunWhoseMomentCannotBeWrittenDownDoesNotBegin() throws IOException {
    LaunchPlan plan = daily("echo run >> " + witness());
    start(plan);
    Path inTheWay = Files.createDirectory(folder.resolve("run").resolve(agent + ".runs.new"));
    clockShows(DUE, plan);
    Eventually.await(
        Rig.PATIENCE,
        "it is told",
        () ->
            observed()
                .cause()
                .startsWith(
                    "last run 2026-01-10 02:10: what is decided of its runs is not written"));
    assertEquals(0, runs());
    assertEquals(1, observed().conditions().size(), observed()::toString);
    Files.delete(inTheWay);
  }

  @Test
  void nothingOfItIsKeptWhenItIsForgotten() throws IOException {
    startAtDue(daily("echo run >> " + witness()));
    awaitRuns(1);
    Rig.get(rig.supervision.stop(agent));
    rig.supervision.forget(agent);
    Eventually.await(
        Rig.PATIENCE,
        "no file is left",
        () -> {
          try (var left = Files.list(folder.resolve("run"))) {
            return left.filter(file -> file.toString().contains(agent.toString())).count() == 0;
          }
        });
    rig.supervision.supervise(agent, daily("true"), DesiredState.STOPPED);
  }
}
