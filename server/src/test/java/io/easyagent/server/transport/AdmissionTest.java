package io.easyagent.server.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class AdmissionTest {
  private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5);
  private final Admission admission = new Admission(2, 10, nanos::get);

  private void passes(Duration time) {
    nanos.addAndGet(time.toNanos());
  }

  private Duration refused() {
    return admission.enter(1).orElseThrow();
  }

  private void fill() {
    assertEquals(Optional.empty(), admission.enter(1));
    assertEquals(Optional.empty(), admission.enter(1));
  }

  @Test
  void whoComesBeyondIsToldToComeOneAfterTheOther() {
    fill();
    assertEquals(Duration.ofMillis(1_100), refused());
    assertEquals(Duration.ofMillis(1_200), refused());
    assertEquals(Duration.ofMillis(1_300), refused());
  }

  @Test
  void aPlaceThatIsGivenBackIsTakenAgain() {
    fill();
    admission.leave(1);
    assertEquals(Optional.empty(), admission.enter(1));
    assertTrue(admission.enter(1).isPresent());
  }

  @Test
  void theQueueMovesUpWhileTimePasses() {
    fill();
    for (int caller = 0; caller < 20; caller++) {
      refused();
    }
    passes(Duration.ofSeconds(1));
    assertEquals(Duration.ofMillis(2_100), refused());
    passes(Duration.ofHours(1));
    assertEquals(Duration.ofMillis(1_100), refused());
  }

  @Test
  void nobodyIsSentAwayForLongerThanTwoMinutes() {
    fill();
    for (int caller = 0; caller < 5_000; caller++) {
      refused();
    }
    assertEquals(Duration.ofMinutes(2), refused());
  }

  @Test
  void whoNeedsMorePlacesWaitsForAsMany() {
    assertEquals(Optional.empty(), admission.enter(1));
    assertEquals(Duration.ofMillis(1_200), admission.enter(2).orElseThrow());
    assertEquals(Optional.empty(), admission.enter(1));
    admission.leave(2);
    assertEquals(Optional.empty(), admission.enter(2));
  }

  @Test
  void whoNeedsMoreThanThereAreHasAllForItself() {
    assertEquals(Optional.empty(), admission.enter(5));
    assertTrue(admission.enter(1).isPresent());
    admission.leave(5);
    assertEquals(Optional.empty(), admission.enter(1));
    assertTrue(admission.enter(5).isPresent());
  }
}
