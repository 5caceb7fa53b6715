package io.easyagent.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class EventuallyTest {
  @Test
  void returnsOnceTheConditionHolds() {
    AtomicInteger asked = new AtomicInteger();
    Eventually.await(
        Duration.ofSeconds(10), "asked three times", () -> asked.incrementAndGet() >= 3);
    assertEquals(3, asked.get());
  }

  @Test
  void returnsTheValue() {
    assertEquals(
        "here",
        Eventually.awaitValue(Duration.ofSeconds(10), "a value", () -> Optional.of("here")));
  }

  @Test
  void failsWithTheDescriptionAtTheDeadline() {
    AssertionError error =
        assertThrows(
            AssertionError.class,
            () -> Eventually.await(Duration.ofMillis(1), "the moon", () -> false));
    assertEquals("not within PT0.001S: the moon", error.getMessage());
  }

  @Test
  void aFailingConditionIsNotSwallowed() {
    Exception cause = new Exception("broken");
    AssertionError error =
        assertThrows(
            AssertionError.class,
            () ->
                Eventually.await(
                    Duration.ofSeconds(10),
                    "anything",
                    () -> {
                      throw cause;
                    }));
    assertSame(cause, error.getCause());
  }
}
