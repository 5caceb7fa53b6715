package io.easyagent.server.access;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.easyagent.testkit.FakeClock;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class FailedAttemptsTest {
  private final FakeClock clock = new FakeClock();
  private final FailedAttempts attempts = new FailedAttempts(clock::nanoTime);

  @Test
  void blocksAnAddressAfterTooManyFailures() {
    for (int failure = 1; failure <= FailedAttempts.MOST; failure++) {
      assertFalse(attempts.blocked("10.0.0.1"), "after " + (failure - 1));
      attempts.note("10.0.0.1");
    }

    assertTrue(attempts.blocked("10.0.0.1"));
    assertFalse(attempts.blocked("10.0.0.2"));
  }

  @Test
  void givesTriesBackWithTime() {
    for (int failure = 0; failure < FailedAttempts.MOST; failure++) {
      attempts.note("10.0.0.1");
    }

    clock.advance(Duration.ofSeconds(6));
    assertFalse(attempts.blocked("10.0.0.1"));
    attempts.note("10.0.0.1");
    assertTrue(attempts.blocked("10.0.0.1"));

    clock.advance(Duration.ofMinutes(1));
    assertFalse(attempts.blocked("10.0.0.1"));
  }

  @Test
  void forgetsTheLongestUnseenOfVeryManyAddresses() {
    for (int failure = 0; failure < FailedAttempts.MOST; failure++) {
      attempts.note("first");
    }
    for (int address = 0; address < 10_000; address++) {
      attempts.note("address-" + address);
    }

    assertFalse(attempts.blocked("first"));
  }
}
