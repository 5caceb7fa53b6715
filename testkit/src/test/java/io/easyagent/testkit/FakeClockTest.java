package io.easyagent.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class FakeClockTest {
  private static final Instant START = Instant.parse("2026-03-01T10:00:00Z");

  private final FakeClock clock = new FakeClock(START);
  private final ScheduledExecutorService scheduler = clock.scheduler();
  private final List<String> ran = new ArrayList<>();

  private void note(String name) {
    ran.add(name + "@" + Duration.between(START, clock.instant()).toMillis());
  }

  @Test
  void movesWallAndMonotonicClockTogether() {
    long before = clock.nanoTime();
    clock.advance(Duration.ofSeconds(3));
    assertEquals(START.plusSeconds(3), clock.instant());
    assertEquals(Duration.ofSeconds(3).toNanos(), clock.nanoTime() - before);
  }

  @Test
  void aWallClockStepLeavesMonotonicTimeAndTasksAlone() {
    scheduler.schedule(() -> note("a"), 1, TimeUnit.SECONDS);
    long before = clock.nanoTime();
    clock.stepWallClock(Duration.ofHours(-2));
    assertEquals(START.minusSeconds(7200), clock.instant());
    assertEquals(before, clock.nanoTime());
    assertEquals(List.of(), ran);
  }

  @Test
  void neverRunsInline() {
    scheduler.execute(() -> note("now"));
    assertEquals(List.of(), ran);
    clock.advance(Duration.ZERO);
    assertEquals(List.of("now@0"), ran);
  }

  @Test
  void runsInDueOrderAtTheDueTime() {
    scheduler.schedule(() -> note("late"), 30, TimeUnit.MILLISECONDS);
    scheduler.schedule(() -> note("early"), 10, TimeUnit.MILLISECONDS);
    scheduler.schedule(() -> note("early too"), 10, TimeUnit.MILLISECONDS);
    scheduler.schedule(() -> note("not yet"), 51, TimeUnit.MILLISECONDS);
    clock.advance(Duration.ofMillis(50));
    assertEquals(List.of("early@10", "early too@10", "late@30"), ran);
    assertEquals(1, clock.pendingTasks());
  }

  @Test
  void runsWhatATaskSchedules() {
    scheduler.schedule(
        () -> {
          note("first");
          scheduler.schedule(() -> note("second"), 5, TimeUnit.MILLISECONDS);
        },
        10,
        TimeUnit.MILLISECONDS);
    clock.advance(Duration.ofMillis(15));
    assertEquals(List.of("first@10", "second@15"), ran);
  }

  @Test
  void repeatsUntilCancelled() {
    var rate = scheduler.scheduleAtFixedRate(() -> note("rate"), 0, 10, TimeUnit.MILLISECONDS);
    clock.advance(Duration.ofMillis(20));
    rate.cancel(false);
    clock.advance(Duration.ofMillis(50));
    assertEquals(List.of("rate@0", "rate@10", "rate@20"), ran);
    assertEquals(0, clock.pendingTasks());
  }

  @Test
  void repeatsAfterADelayAndEndsWithAFailure() {
    var repeated =
        scheduler.scheduleWithFixedDelay(
            () -> {
              note("delay");
              if (ran.size() == 2) {
                throw new IllegalStateException("enough");
              }
            },
            5,
            10,
            TimeUnit.MILLISECONDS);
    clock.advance(Duration.ofMillis(100));
    assertEquals(List.of("delay@5", "delay@15"), ran);
    assertTrue(repeated.isDone());
  }

  @Test
  void aShutDownSchedulerRefusesAndKeepsWhatIsDelayed() {
    scheduler.schedule(() -> note("delayed"), 5, TimeUnit.MILLISECONDS);
    scheduler.scheduleAtFixedRate(() -> note("rate"), 1, 1, TimeUnit.MILLISECONDS);
    scheduler.shutdown();
    assertThrows(RejectedExecutionException.class, () -> scheduler.execute(() -> note("new")));
    assertFalse(scheduler.isTerminated());
    clock.advance(Duration.ofMillis(10));
    assertEquals(List.of("delayed@5"), ran);
    assertTrue(scheduler.isTerminated());
  }

  @Test
  void anotherZoneIsTheSameClock() {
    FakeClock elsewhere = clock.withZone(ZoneId.of("Asia/Shanghai"));
    clock.advance(Duration.ofSeconds(1));
    assertEquals(clock.instant(), elsewhere.instant());
    assertEquals(ZoneId.of("Asia/Shanghai"), elsewhere.getZone());
  }

  @Test
  void doesNotGoBack() {
    assertThrows(IllegalArgumentException.class, () -> clock.advance(Duration.ofMillis(-1)));
  }
}
