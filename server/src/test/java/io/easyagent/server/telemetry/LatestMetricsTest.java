package io.easyagent.server.telemetry;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.easyagent.server.agent.AgentId;
import io.easyagent.server.fleet.HostId;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class LatestMetricsTest {
  private final LatestMetrics metrics = new LatestMetrics();
  private final HostId host = new HostId(UUID.randomUUID());
  private final HostId other = new HostId(UUID.randomUUID());
  private final AgentId agent = new AgentId(UUID.randomUUID());

  @Test
  void theLatestFiguresWin() {
    assertEquals(Map.of(), metrics.find(host));
    metrics.ofHost(host, Map.of("cpu", 0.5, "load1", 2.0));
    metrics.ofHost(other, Map.of("load1", 3.0, "cpu", 0.25));
    assertEquals(Map.of("cpu", 0.5, "load1", 2.0), metrics.find(host));
    assertEquals(Map.of("cpu", 0.25, "load1", 3.0), metrics.find(other));
    metrics.ofHost(host, Map.of("cpu", 0.75));
    assertEquals(Map.of("cpu", 0.75), metrics.find(host));
  }

  @Test
  void anAgentIsItsHostsAlone() {
    metrics.ofAgent(host, agent, Map.of("memory", 1e6));
    assertEquals(Map.of("memory", 1e6), metrics.find(host, agent));
    assertEquals(Map.of(), metrics.find(other, agent));
    metrics.forget(host);
    assertEquals(Map.of(), metrics.find(host, agent));
  }

  @Test
  void aHostIsHeldToANumberOfFiguresAndAgents() {
    Map<String, Double> many = new HashMap<>();
    for (int i = 0; i < 200; i++) {
      many.put("figure-%03d".formatted(i), (double) i);
    }
    many.put("figure-000", Double.NaN);
    metrics.ofHost(host, many);
    assertEquals(128, metrics.find(host).size());
    assertEquals(1.0, metrics.find(host).get("figure-001"));

    for (int i = 0; i < 256; i++) {
      metrics.ofAgent(host, new AgentId(new UUID(0, i)), Map.of("cpu", 1.0));
    }
    metrics.ofAgent(host, agent, Map.of("cpu", 1.0));
    assertEquals(Map.of(), metrics.find(host, agent));
    metrics.ofAgent(host, new AgentId(new UUID(0, 255)), Map.of("cpu", 2.0));
    assertEquals(Map.of("cpu", 2.0), metrics.find(host, new AgentId(new UUID(0, 255))));
  }

  @Test
  void whoeverChoosesNamesOfItsOwnKeepsThem() {
    for (int i = 0; i < 2000; i++) {
      metrics.ofHost(new HostId(new UUID(1, i)), Map.of("mine-" + i, 1.0 * i));
    }
    for (int i = 0; i < 2000; i++) {
      assertEquals(Map.of("mine-" + i, 1.0 * i), metrics.find(new HostId(new UUID(1, i))));
    }
  }
}
