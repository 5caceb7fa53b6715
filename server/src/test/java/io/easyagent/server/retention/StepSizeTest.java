package io.easyagent.server.retention;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class StepSizeTest {
  private final StepSize size = new StepSize();

  @Test
  void aSlowMachineGetsSmallStepsAndAQuickOneLargeOnes() {
    int first = size.rows();
    size.took(StepSize.LONG.plusNanos(1));
    assertEquals(first / 2, size.rows());
    size.took(StepSize.LONG);
    assertEquals(first / 2, size.rows(), "just right");
    size.took(Duration.ofMillis(1));
    assertEquals(first, size.rows());
  }

  @Test
  void stepsHaveBounds() {
    for (int i = 0; i < 20; i++) {
      size.took(Duration.ofSeconds(1));
    }
    assertEquals(StepSize.LEAST, size.rows());
    for (int i = 0; i < 20; i++) {
      size.took(Duration.ZERO);
    }
    assertTrue(size.rows() <= StepSize.MOST && size.rows() > StepSize.MOST / 2);
  }
}
