package io.easyagent.sidecar.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.easyagent.sidecar.agent.AgentId;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MetricsTest {
  private static final AgentId AGENT = new AgentId(new UUID(1, 1));

  @TempDir Path root;

  @Test
  void anAgentsTreeIsCountedTogetherAndRatesAreBetweenSamples() throws Exception {
    Metrics metrics = new Metrics(root, root, 4);
    Files.writeString(root.resolve("meminfo"), "MemTotal: 100 kB\nMemAvailable: 40 kB\n");
    host(0, 0);
    process(10, 1, 100, 5);
    process(11, 10, 0, 7);
    process(12, 11, 0, 1);
    process(99, 1, 0, 1_000);
    metrics.sample(Map.of(AGENT, 10));

    host(400, 100);
    process(10, 1, 150, 5);
    process(11, 10, 30, 7);
    process(12, 11, 20, 1);
    process(99, 1, 300, 1_000);
    Usage usage = metrics.sample(Map.of(AGENT, 10));

    assertEquals(0.75, usage.cpu());
    assertEquals(60 * 1_024, usage.memory());
    assertEquals(1, usage.agents().size());
    assertEquals(AGENT, usage.agents().getFirst().agent());
    assertEquals(13 * 4_096, usage.agents().getFirst().memory());
    assertEquals(1.0, usage.agents().getFirst().cpu());
  }

  @Test
  void anAgentThatIsGoneIsLeftOut() throws Exception {
    host(0, 0);
    assertEquals(0, new Metrics(root, root, 4).sample(Map.of(AGENT, 10)).agents().size());
  }

  @Test
  void thisHostHasFacts() {
    HostFacts facts = new Metrics().facts("2.0.0");
    assertEquals("linux", facts.osType());
    assertEquals(36, facts.bootId().length());
    assertEquals(true, facts.memory() > 0);
    assertEquals(false, facts.hostName().isEmpty());
  }

  private void host(long total, long idle) throws Exception {
    Files.writeString(
        root.resolve("stat"), "cpu  " + (total - idle) + " 0 0 " + idle + " 0 0 0 0\n");
  }

  private void process(int pid, int parent, long ticks, long pages) throws Exception {
    Path folder = Files.createDirectories(root.resolve(Integer.toString(pid)));
    Files.writeString(
        folder.resolve("stat"),
        pid
            + " (p) S "
            + parent
            + " 1 1 0 -1 0 0 0 0 0 "
            + ticks
            + " 0 0 0 20 0 1 0 1 1 "
            + pages
            + " 1");
  }
}
