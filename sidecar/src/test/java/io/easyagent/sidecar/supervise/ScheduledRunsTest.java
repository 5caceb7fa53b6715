package io.easyagent.sidecar.supervise;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.easyagent.sidecar.agent.AgentId;
import io.easyagent.sidecar.agent.DesiredState;
import io.easyagent.sidecar.agent.Schedule;
import io.easyagent.sidecar.process.ProcessLife;
import io.easyagent.sidecar.process.ProcessState;
import io.easyagent.sidecar.process.Runs;
import io.easyagent.sidecar.schedule.Look;
import io.easyagent.testkit.FakeClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What of runs is kept on disk, and what of it counts in the next life of the sidecar. */
class ScheduledRunsTest {
  private static final Instant NOON = Instant.parse("2026-01-10T12:00:00Z");
  private static final Instant DUE = Instant.parse("2026-01-10T12:10:00Z");
  private static final Runs IN_PROGRESS = new Runs(Optional.of(DUE), Optional.empty(), 2);

  @TempDir private Path folder;
  private final AgentId agent = Rig.newAgent();
  private final FakeClock clock = new FakeClock(NOON);

  private static Schedule hourly(String minute) {
    return new Schedule(
        minute + " *  * * *", "UTC", Duration.ZERO, Schedule.Overlap.SKIP, Schedule.Missed.ONCE);
  }

  private ScheduledRuns runs(Schedule schedule) {
    ScheduledRuns runs = new ScheduledRuns(agent, folder, clock);
    runs.keepTo(Optional.of(schedule));
    return runs;
  }

  private static ProcessLife life(DesiredState desired, ProcessState state, Runs runs) {
    return new ProcessLife(desired, state, 0, "last run x: exit 0", runs);
  }

  private static ProcessLife waiting(Runs runs) {
    return life(DesiredState.RUNNING, new ProcessState.Waiting(), runs);
  }

  private static ProcessLife recalled(ScheduledRuns runs) {
    return runs.recall(ProcessLife.unknown(DesiredState.RUNNING));
  }

  @Test
  void theScheduleBeginsWithTheStart() {
    ScheduledRuns runs = runs(hourly("10"));
    assertEquals(Optional.empty(), runs.nextBegin());
    runs.follow(waiting(Runs.NONE));
    assertEquals(Optional.of(DUE), runs.nextBegin());
    assertEquals(new Look.Nothing(), runs.look());
    clock.advance(Duration.ofMinutes(10));
    assertEquals(new Look.Due(DUE, 0), runs.look());
    assertEquals(new Look.Nothing(), runs.look());
  }

  @Test
  void theClockIsLookedAtInTimeAndAtLeastOnceAMinute() {
    ScheduledRuns runs = runs(hourly("10"));
    runs.follow(waiting(Runs.NONE));
    assertEquals(Duration.ofMinutes(1), runs.untilLook());
    clock.advance(Duration.ofSeconds(590));
    assertEquals(Duration.ofSeconds(10), runs.untilLook());
    clock.advance(Duration.ofSeconds(20));
    assertEquals(Duration.ZERO, runs.untilLook());
  }

  @Test
  void whatWasDecidedIsDecidedForTheNextLifeToo() {
    ScheduledRuns runs = runs(hourly("10"));
    runs.follow(waiting(Runs.NONE));
    clock.advance(Duration.ofMinutes(10));
    runs.look();
    runs.follow(life(DesiredState.RUNNING, new ProcessState.Launching(0, false), IN_PROGRESS));

    clock.stepWallClock(Duration.ofMinutes(-30));
    ScheduledRuns next = runs(hourly("10"));
    ProcessLife life = recalled(next);
    assertEquals(IN_PROGRESS, life.runs());
    assertEquals("last run x: exit 0", life.cause());
    next.follow(life);
    assertEquals(new Look.Nothing(), next.look());
    assertEquals(Optional.of(DUE.plus(Duration.ofHours(1))), next.nextBegin());
  }

  @Test
  void whatWasDueMeanwhileIsFoundByTheNextLife() {
    runs(hourly("10")).follow(waiting(Runs.NONE));
    clock.advance(Duration.ofHours(5));
    ScheduledRuns next = runs(hourly("10"));
    next.follow(recalled(next).remembering(Runs.NONE, ""));
    next.follow(waiting(Runs.NONE));
    assertEquals(new Look.Due(DUE.plus(Duration.ofHours(4)), 4), next.look());
  }

  @Test
  void anotherScheduleMakesNothingDueThatIsPast() {
    ScheduledRuns runs = runs(hourly("10"));
    runs.follow(waiting(Runs.NONE));
    clock.advance(Duration.ofMinutes(30));
    runs.keepTo(Optional.of(hourly("20")));
    runs.follow(waiting(Runs.NONE));
    assertEquals(new Look.Nothing(), runs.look());

    clock.advance(Duration.ofHours(2));
    ScheduledRuns next = runs(hourly("15"));
    next.follow(waiting(recalled(next).runs()));
    assertEquals(new Look.Nothing(), next.look());
    assertEquals(Optional.of(Instant.parse("2026-01-10T15:15:00Z")), next.nextBegin());
  }

  @Test
  void theSameTimesInAnotherScheduleStayDue() {
    ScheduledRuns runs = runs(hourly("10"));
    runs.follow(waiting(Runs.NONE));
    clock.advance(Duration.ofMinutes(10));
    Schedule same = hourly("10");
    runs.keepTo(
        Optional.of(
            new Schedule(
                same.cron(),
                same.timezone(),
                same.jitter(),
                Schedule.Overlap.QUEUE,
                same.missed())));
    assertEquals(new Look.Due(DUE, 0), runs.look());
  }

  @Test
  void aStopEndsTheScheduleAndAStartBeginsItAnew() {
    ScheduledRuns runs = runs(hourly("10"));
    runs.follow(waiting(Runs.NONE));
    runs.follow(life(DesiredState.STOPPED, new ProcessState.Stopped(), Runs.NONE));
    assertEquals(Optional.empty(), runs.nextBegin());
    clock.advance(Duration.ofHours(2));
    assertEquals(new Look.Nothing(), runs.look());
    runs.follow(waiting(Runs.NONE));
    assertEquals(new Look.Nothing(), runs.look());
  }

  @Test
  void theEndOfTheHostEndsNoSchedule() {
    ScheduledRuns runs = runs(hourly("10"));
    runs.follow(waiting(Runs.NONE));
    // An orderly shutdown stops every agent; what is desired of it is the journal's.
    runs.follow(life(DesiredState.STOPPED, new ProcessState.Stopped(), Runs.NONE));
    clock.advance(Duration.ofMinutes(30));
    ScheduledRuns next = runs(hourly("10"));
    next.follow(waiting(recalled(next).runs()));
    assertEquals(new Look.Due(DUE, 0), next.look());
  }

  @Test
  void whatCannotBeWrittenIsSaid() throws IOException {
    ScheduledRuns runs = runs(hourly("10"));
    Path inTheWay = Files.createDirectory(folder.resolve(agent + ".runs.new"));
    runs.follow(waiting(Runs.NONE));
    assertTrue(
        runs.unwritten()
            .filter(reason -> reason.startsWith("what is decided of its runs is not written: "))
            .isPresent());
    Files.delete(inTheWay);
    runs.follow(waiting(Runs.NONE));
    assertEquals(Optional.empty(), runs.unwritten());
  }

  @Test
  void whatIsNoRecordCountsAsNone() throws IOException {
    Files.writeString(folder.resolve(agent + ".runs"), "1\tyesterday\n");
    ScheduledRuns runs = runs(hourly("10"));
    assertEquals(Runs.NONE, recalled(runs).runs());
    runs.follow(waiting(Runs.NONE));
    assertEquals(Optional.of(DUE), runs.nextBegin());
  }

  @Test
  void nothingIsKeptOfWhatIsForgotten() {
    ScheduledRuns runs = runs(hourly("10"));
    runs.follow(waiting(Runs.NONE));
    assertTrue(Files.exists(folder.resolve(agent + ".runs")));
    runs.forget();
    assertFalse(Files.exists(folder.resolve(agent + ".runs")));
  }

  @Test
  void aRecordIsReadBackAsItWasWritten() {
    KeptRuns kept =
        new KeptRuns(
            "10 * * * * UTC",
            NOON.plusNanos(5),
            new Runs(Optional.of(DUE), Optional.of(DUE.plusSeconds(60)), 3),
            "last run: exit 1: \"a b\"");
    assertEquals(Optional.of(kept), KeptRuns.decode(kept.encode()));
    assertEquals(
        "1\t2026-01-10T12:00:00.000000005Z\t2026-01-10T12:10:00Z\t2026-01-10T12:11:00Z\t3"
            + "\t10 * * * * UTC\tlast run: exit 1: \"a b\"\n",
        kept.encode());
    for (int cut = 0; cut < kept.encode().length(); cut++) {
      assertEquals(Optional.empty(), KeptRuns.decode(kept.encode().substring(0, cut)));
    }
  }
}
