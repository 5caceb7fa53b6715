package io.easyagent.server.telemetry.api;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.easyagent.testkit.FakeClock;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class RememberedTest {
  @Test
  void looksUpAtMostOnceInAWhile() {
    FakeClock clock = new FakeClock();
    AtomicInteger looks = new AtomicInteger();
    Remembered<Integer> remembered =
        new Remembered<>(looks::incrementAndGet, Duration.ofSeconds(1), clock::nanoTime);

    assertEquals(1, remembered.get());
    clock.advance(Duration.ofMillis(999));
    assertEquals(1, remembered.get());
    clock.advance(Duration.ofMillis(1));
    assertEquals(2, remembered.get());
    assertEquals(2, remembered.get());
  }
}
