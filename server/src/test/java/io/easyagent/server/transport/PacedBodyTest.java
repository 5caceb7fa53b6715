package io.easyagent.server.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.easyagent.server.problem.RefusedException;
import java.io.ByteArrayInputStream;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class PacedBodyTest {
  private final AtomicLong now = new AtomicLong(17);
  private final PacedBody body =
      new PacedBody(
          new ByteArrayInputStream(new byte[100_000]),
          new ConnectionLimits(1, 1, Duration.ofSeconds(60), 1024),
          now::get);

  private void pass(Duration time) {
    now.addAndGet(time.toNanos());
  }

  @Test
  void aSmallBodyIsNotLateWithinThePatience() throws Exception {
    assertEquals(2, body.readNBytes(2).length);
    pass(Duration.ofSeconds(60));
    assertEquals(1, body.readNBytes(1).length);
  }

  @Test
  void afterItABodyMustKeepPace() throws Exception {
    assertEquals(10_240, body.readNBytes(10_240).length);
    pass(Duration.ofSeconds(70));
    assertEquals(0, body.read());
    pass(Duration.ofSeconds(2));
    RefusedException refused = assertThrows(RefusedException.class, body::read);
    assertTrue(refused.refusal().message().contains("1024 bytes a second"));
  }
}
