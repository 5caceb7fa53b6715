package io.easyagent.sidecar.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.easyagent.testkit.FakeClock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Seen through the heartbeat that the restart loop looks at. */
class WatchdogTest {
  private static final Duration WITHIN = Duration.ofSeconds(30);

  @TempDir Path folder;

  private final FakeClock clock = new FakeClock();
  private final Deque<Runnable> asked = new ArrayDeque<>();
  private Path heartbeat;

  @BeforeEach
  void start() {
    heartbeat = folder.resolve("heartbeat");
    ServiceHost host =
        ServiceHost.of(
            Map.of(
                RestartLoop.HEARTBEAT,
                heartbeat.toString(),
                RestartLoop.SECONDS,
                Long.toString(WITHIN.toSeconds())));
    assertEquals(WITHIN, host.aliveWithin().orElseThrow());
    new Watchdog(host, clock::nanoTime, List.of(Watchdog.Part.of("mailbox", asked::add)))
        .start(clock.scheduler());
  }

  @Test
  void aSidecarWhosePartsAnswerIsAlive() throws Exception {
    clock.advance(Duration.ofMillis(1));
    answerAll();
    long before = beats();
    for (int beat = 0; beat < 12; beat++) {
      clock.advance(WITHIN.dividedBy(3));
      answerAll();
    }
    assertEquals(before + 12, beats());
  }

  @Test
  void aPartThatDoesNotAnswerEndsTheHeartbeatThoughTheTimerTicks() throws Exception {
    clock.advance(Watchdog.PATIENCE.plus(WITHIN));
    long last = beats();
    clock.advance(WITHIN.multipliedBy(10));
    assertEquals(last, beats(), "nothing answers");
    answerAll();
    clock.advance(WITHIN);
    assertTrue(beats() > last, "it answers again");
  }

  @Test
  void aPartMayBeBusyForAWhile() throws Exception {
    long before = beats();
    clock.advance(Watchdog.PATIENCE.minusSeconds(1));
    assertTrue(beats() > before);
  }

  @Test
  void aPartIsAskedOnceUntilItAnswers() {
    clock.advance(WITHIN.multipliedBy(10));
    assertEquals(1, asked.size());
  }

  private void answerAll() {
    while (!asked.isEmpty()) {
      asked.remove().run();
    }
  }

  private long beats() throws Exception {
    return Files.exists(heartbeat) ? Long.parseLong(Files.readString(heartbeat).strip()) : 0;
  }
}
