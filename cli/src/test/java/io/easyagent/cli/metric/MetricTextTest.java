package io.easyagent.cli.metric;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class MetricTextTest {
  @Test
  void eachFigureHasItsUnit() {
    Map<String, Double> metrics =
        Map.of("cpu", 12.3456, "load1", 1.005, "uptime", 93_784.9, "memoryUsed", 1.5e9, "new", 7.6);
    assertEquals(Optional.of("1,234.6 %"), MetricText.metric(metrics, "cpu"));
    assertEquals(Optional.of("1.00"), MetricText.metric(metrics, "load1"));
    assertEquals(Optional.of("1d2h"), MetricText.metric(metrics, "uptime"));
    assertEquals(Optional.of("1.3 GiB"), MetricText.metric(metrics, "memoryUsed"));
    assertEquals(Optional.of("8"), MetricText.metric(metrics, "new"));
    assertEquals(Optional.empty(), MetricText.metric(metrics, "memory"));
  }
}
