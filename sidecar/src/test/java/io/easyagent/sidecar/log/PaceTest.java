package io.easyagent.sidecar.log;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class PaceTest {
  private static final Duration SECOND = Duration.ofSeconds(1);

  @Test
  void aLogThatIsFarFromItsBoundIsLookedAtSeldom() {
    assertEquals(Pace.QUIET, Pace.next(0, SECOND, 0));
    assertEquals(Pace.QUIET, Pace.next(1 << 20, SECOND, 20 << 20));
    assertEquals(Pace.QUIET, Pace.next(-5, SECOND, 20 << 20));
    assertEquals(Pace.QUIET, Pace.next(1 << 20, Duration.ZERO, 20 << 20));
  }

  @Test
  void aLogThatMayPassItsBoundSoonIsLookedAtOften() {
    assertEquals(Duration.ofMillis(50), Pace.next(200 << 20, SECOND, 20 << 20));
    assertEquals(Pace.QUICK, Pace.next(200 << 20, SECOND, 1 << 20));
    assertEquals(Duration.ofMillis(250), Pace.next(20 << 20, Duration.ofMillis(100), 100 << 20));
    assertEquals(Pace.QUICK, Pace.next(1, SECOND, 0));
  }

  @Test
  void quietLooksOfAllAgentsFallTogether() {
    assertEquals(300_000_000, Pace.delay(Pace.QUIET, 5_700_000_000L));
    assertEquals(700_000_000, Pace.delay(Pace.QUIET, -5_700_000_000L));
    assertEquals(20_000_000, Pace.delay(Pace.QUICK, 5_700_000_000L));
  }
}
