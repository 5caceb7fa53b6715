package io.easyagent.sidecar.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.easyagent.sidecar.agent.AgentId;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
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
    metrics.sample(Map.of(AGENT, new AgentTree(10, Set.of())));

    host(400, 100);
    process(10, 1, 150, 5);
    process(11, 10, 30, 7);
    process(12, 11, 20, 1);
    process(99, 1, 300, 1_000);
    Usage usage = metrics.sample(Map.of(AGENT, new AgentTree(10, Set.of())));

    assertEquals(0.75, usage.cpu());
    assertEquals(60 * 1_024, usage.memory());
    assertEquals(1, usage.agents().size());
    assertEquals(AGENT, usage.agents().getFirst().agent());
    assertEquals(13 * 4_096, usage.agents().getFirst().memory());
    assertEquals(1.0, usage.agents().getFirst().cpu());
  }

  @Test
  void whatHasLeftItsParentsIsCountedWhereItIsKnown() throws Exception {
    Metrics metrics = new Metrics(root, root, 4);
    Files.writeString(root.resolve("uptime"), "60.00 1.0\n");
    host(0, 0);
    process(10, 1, 0, 5);
    process(50, 1, 0, 3);
    process(51, 50, 0, 2);
    process(99, 1, 0, 1_000);
    traffic(10, 100, 7);
    traffic(51, 20, 5);
    open(10, 3);
    open(50, 2);

    Usage.AgentUsage usage =
        metrics.sample(Map.of(AGENT, new AgentTree(10, Set.of(10, 50, 77)))).agents().getFirst();

    assertEquals(3, usage.processes());
    assertEquals(6, usage.threads());
    assertEquals(10 * 4_096, usage.memory());
    assertEquals(120, usage.read());
    assertEquals(12, usage.written());
    assertEquals(true, usage.openFiles() >= 5);
    assertEquals(59.0, usage.uptime());
  }

  /** This process is a tree of its own, on a real {@code /proc}. */
  @Test
  void whatRunsHereIsRead() {
    int own = (int) ProcessHandle.current().pid();
    Usage.AgentUsage usage =
        new Metrics().sample(Map.of(AGENT, new AgentTree(own, Set.of()))).agents().getFirst();
    assertEquals(true, usage.processes() >= 1);
    assertEquals(true, usage.threads() > 1);
    assertEquals(true, usage.openFiles() > 3);
    assertEquals(true, usage.memory() > 1_000_000);
    assertEquals(true, usage.uptime() > 0);
  }

  @Test
  void anAgentThatIsGoneIsLeftOut() throws Exception {
    host(0, 0);
    assertEquals(
        0,
        new Metrics(root, root, 4)
            .sample(Map.of(AGENT, new AgentTree(10, Set.of())))
            .agents()
            .size());
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

  private void traffic(int pid, long read, long written) throws Exception {
    Files.writeString(
        root.resolve(Integer.toString(pid)).resolve("io"),
        "read_bytes: " + read + "\nwrite_bytes: " + written + "\n");
  }

  private void open(int pid, int files) throws Exception {
    Path folder = Files.createDirectories(root.resolve(Integer.toString(pid)).resolve("fd"));
    for (int file = 0; file < files; file++) {
      Files.createFile(folder.resolve(Integer.toString(file)));
    }
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
            + " 0 0 0 20 0 2 0 100 1 "
            + pages
            + " 1");
  }
}
