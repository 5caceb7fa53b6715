package io.easyagent.sidecar.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.easyagent.sidecar.prepare.SampleDefinitions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class StartOrderTest {
  private final List<AgentRecord> installed = new ArrayList<>();

  private void install(String name, String... after) {
    installed.add(
        new AgentRecord(
            new AgentId(new UUID(1, installed.size())),
            SampleDefinitions.named(
                    name,
                    "root",
                    Optional.empty(),
                    List.of("/bin/true"),
                    List.of(),
                    Optional.empty(),
                    Optional.empty())
                .startedAfter(List.of(after)),
            1,
            DesiredState.RUNNING,
            Optional.empty()));
  }

  private List<String> order() {
    return StartOrder.of(installed).stream().map(agent -> agent.definition().name()).toList();
  }

  @Test
  void withoutRulesItIsTheOrderOfInstallation() {
    install("c");
    install("a");
    install("b");
    assertEquals(List.of("c", "a", "b"), order());
  }

  @Test
  void whoComesAfterOthersWaitsForThemOnly() {
    install("web", "queue", "database");
    install("metrics", "not-on-this-host");
    install("queue", "database");
    install("database");
    assertEquals(List.of("metrics", "database", "queue", "web"), order());
  }

  @Test
  void aCircleIsCutAndTheOthersKeepTheirOrder() {
    install("c", "b");
    install("a", "c");
    install("b", "c");
    assertEquals(List.of("c", "a", "b"), order());
  }

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
