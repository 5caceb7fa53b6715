package io.easyagent.server.schedule;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.easyagent.testkit.FakeClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ScheduleTest {
  private final FakeClock clock = new FakeClock();
  private final Instant start = clock.instant();
  private final Schedule schedule = new Schedule(clock.scheduler());
  private final List<Duration> turns = new ArrayList<>();

  private void turn() {
    turns.add(Duration.between(start, clock.instant()));
  }

  private static Duration minutes(long minutes) {
    return Duration.ofMinutes(minutes);
  }

  @Test
  void whatFailsComesAgain() {
    schedule.every(
        minutes(2),
        "it was not done",
        () -> {
          turn();
          throw new IllegalStateException("as planned");
        });

    clock.advance(minutes(7));

    assertEquals(List.of(minutes(2), minutes(4), minutes(6)), turns);
  }

  @Test
  void theFirstTurnMayComeAtAnotherTime() {
    schedule.every(Duration.ZERO, minutes(5), "it was not done", this::turn);

    clock.advance(minutes(6));

    assertEquals(List.of(minutes(0), minutes(5)), turns);
  }
}
