package io.easyagent.sidecar.operation.work;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OperationTextTest {
  @ParameterizedTest
  @CsvSource({
    "PT15M, 15m",
    "PT1M30S, 1m30s",
    "PT1.946073074S, 1.9s",
    "PT2.000000001S, 2s",
    "PT0.5S, 500ms"
  })
  void durationsAreNoFinerThanAPersonNeeds(Duration duration, String expected) {
    assertEquals(expected, OperationText.duration(duration));
  }
}
