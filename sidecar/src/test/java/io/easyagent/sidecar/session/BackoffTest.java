package io.easyagent.sidecar.session;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class BackoffTest {

  @Test
  void theBoundDoublesUpToTheMost() {
    assertEquals(Duration.ofSeconds(1), Backoff.USUAL.delay(1, () -> 1));
    assertEquals(Duration.ofSeconds(2), Backoff.USUAL.delay(2, () -> 1));
    assertEquals(Duration.ofSeconds(8), Backoff.USUAL.delay(4, () -> 1));
    assertEquals(Duration.ofSeconds(15), Backoff.USUAL.delay(5, () -> 1));
    assertEquals(Duration.ofSeconds(15), Backoff.USUAL.delay(1_000_000, () -> 1));
    assertEquals(Duration.ofMinutes(5), Backoff.REFUSED.delay(9, () -> 1));
  }

  @Test
  void theDelayIsAnythingUpToTheBound() {
    assertEquals(Duration.ZERO, Backoff.USUAL.delay(5, () -> 0));
    assertEquals(Duration.ofMillis(7_500), Backoff.USUAL.delay(5, () -> 0.5));
  }
}
