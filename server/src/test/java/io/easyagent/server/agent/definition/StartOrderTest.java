package io.easyagent.server.agent.definition;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class StartOrderTest {
  @Test
  void aCircleIsNamed() {
    assertEquals(
        Optional.of(List.of("b", "c", "b")),
        StartOrder.findCycle(
            new TreeMap<>(
                Map.of(
                    "a", List.of("b"),
                    "b", List.of("elsewhere", "c"),
                    "c", List.of("b"),
                    "d", List.of()))));
    assertEquals(Optional.of(List.of("a", "a")), StartOrder.findCycle(Map.of("a", List.of("a"))));
  }

  @Test
  void manyWaysToTheSameAgentAreNoCircle() {
    Map<String, List<String>> after = new TreeMap<>();
    for (int layer = 1; layer < 40; layer++) {
      after.put("a" + layer, List.of("a" + (layer - 1), "b" + (layer - 1)));
      after.put("b" + layer, List.of("a" + (layer - 1), "b" + (layer - 1)));
    }
    assertEquals(Optional.empty(), StartOrder.findCycle(after));
  }
}
