package io.easyagent.sidecar.session;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.grpc.Metadata;
import io.grpc.Status;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PushbackTest {
  private static Optional<Duration> told(String value) {
    Metadata trailers = new Metadata();
    trailers.put(Pushback.KEY, value);
    return Pushback.find(Status.RESOURCE_EXHAUSTED.asRuntimeException(trailers));
  }

  @Test
  void whatWasSaidIsTaken() {
    assertEquals(Optional.of(Duration.ofMillis(1_250)), told("1250"));
    assertEquals(Optional.of(Duration.ZERO), told("0"));
  }

  @Test
  void noServerKeepsAHostAwayForLonger() {
    assertEquals(Optional.of(Duration.ofMinutes(5)), told("999999999"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-1", "1.5", "soon", "9999999999999999999"})
  void whatCannotBeReadIsNotTaken(String value) {
    assertEquals(Optional.empty(), told(value));
  }

  @Test
  void mostFailuresSayNothing() {
    assertEquals(
        Optional.empty(), Pushback.find(Status.UNAVAILABLE.asRuntimeException(new Metadata())));
    assertEquals(Optional.empty(), Pushback.find(Status.UNAVAILABLE.asRuntimeException()));
  }
}
