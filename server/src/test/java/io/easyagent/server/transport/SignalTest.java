package io.easyagent.server.transport;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.easyagent.server.problem.RefusedException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class SignalTest {
  private static final Duration NONE = Duration.ZERO;
  private static final Duration LONG = Duration.ofMinutes(5);

  @Test
  void aRaisedSignalEndsTheWaitAndIsLowered() throws Exception {
    Signal signal = new Signal();
    signal.raise();
    signal.raise();

    assertTimeoutPreemptively(Duration.ofSeconds(10), () -> signal.await(NONE, LONG));

    long start = System.nanoTime();
    signal.await(NONE, Duration.ofMillis(20));
    assertTrue(System.nanoTime() - start >= Duration.ofMillis(20).toNanos());
  }

  @Test
  void closingTheWatchersEndsEveryWait() {
    Watchers watchers = new Watchers(10);
    Signal signal = watchers.open();
    assertFalse(signal.closed());

    assertTimeoutPreemptively(
        Duration.ofSeconds(10),
        () -> {
          Thread closer = Thread.startVirtualThread(watchers::close);
          signal.await(LONG, LONG);
          closer.join();
        });

    assertTrue(signal.closed());
    assertThrows(RefusedException.class, watchers::open);
  }
}
