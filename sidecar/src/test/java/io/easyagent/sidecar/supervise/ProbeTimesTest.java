package io.easyagent.sidecar.supervise;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ProbeTimesTest {
  private static Optional<String> doubt(long dueMillis, long beganMillis, long endedMillis) {
    return new ProbeTimes(
            Duration.ofMillis(dueMillis),
            Duration.ofMillis(beganMillis),
            Duration.ofMillis(endedMillis),
            Duration.ofSeconds(5))
        .findDoubt();
  }

  @Test
  void whatWasMadeInTimeIsBelieved() {
    assertEquals(Optional.empty(), doubt(1000, 1000, 1001));
    assertEquals(Optional.empty(), doubt(1000, 2000, 8000));
  }

  @Test
  void whatWasLateIsNot() {
    assertEquals(Optional.of("it began 1001 ms late"), doubt(1000, 2001, 2002));
    assertEquals(Optional.of("it took 1001 ms more than its timeout"), doubt(1000, 1000, 7001));
  }

  @Test
  void whatTheAskingSideLacksIsNotTheAgentsFault() {
    for (String lacking : new String[] {"Too many open files", "Cannot assign requested address"}) {
      assertEquals(true, ProbeRunner.isOurs(new SocketException(lacking)), lacking);
    }
    assertEquals(false, ProbeRunner.isOurs(new ConnectException("Connection refused")));
    assertEquals(false, ProbeRunner.isOurs(new IOException()));
  }
}
