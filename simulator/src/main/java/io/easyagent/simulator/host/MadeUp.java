package io.easyagent.simulator.host;

import io.easyagent.sidecar.agent.AgentDefinition;
import io.easyagent.sidecar.agent.AgentId;
import io.easyagent.sidecar.agent.AgentRecord;
import io.easyagent.sidecar.agent.AgentType;
import io.easyagent.sidecar.agent.DesiredState;
import io.easyagent.sidecar.agent.Limits;
import io.easyagent.sidecar.agent.LogRule;
import io.easyagent.sidecar.agent.RestartRule;
import io.easyagent.sidecar.agent.StopRule;
import io.easyagent.sidecar.metrics.HostFacts;
import io.easyagent.sidecar.metrics.Usage;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** What a simulated host says of itself. Pure. */
final class MadeUp {
  private static final long GIB = 1L << 30;
  private static final long MIB = 1L << 20;

  private MadeUp() {}

  /**
   * @param life of the simulator: a host that the simulator starts anew has booted
   */
  static HostFacts facts(HostNumber host, UUID life) {
    int third = host.value() >> 8 & 255;
    return new HostFacts(
        "simulated",
        "linux",
        "debian",
        "12",
        "amd64",
        2 << host.value() % 4,
        (4L << host.value() % 4) * GIB,
        0,
        host.name(),
        "10." + (host.value() >> 16 & 255) + "." + third + "." + (host.value() & 255),
        hex(host.uuid("machine")),
        UUID.nameUUIDFromBytes((host.name() + life).getBytes(StandardCharsets.UTF_8)).toString(),
        hex(UUID.nameUUIDFromBytes((life + host.name()).getBytes(StandardCharsets.UTF_8))));
  }

  private static String hex(UUID value) {
    return value.toString().replace("-", "");
  }

  /** The agents that a host is born with; they run. */
  static List<AgentRecord> agents(HostNumber host, int count, String user) {
    List<AgentRecord> agents = new ArrayList<>();
    for (int number = 1; number <= count; number++) {
      String name = "agent-" + number;
      agents.add(
          new AgentRecord(
              new AgentId(host.uuid(name)),
              definition(name, user),
              1,
              DesiredState.RUNNING,
              Optional.empty()));
    }
    return agents;
  }

  private static AgentDefinition definition(String name, String user) {
    return new AgentDefinition(
        name,
        AgentType.SERVICE,
        Optional.empty(),
        user,
        List.of("/bin/sleep", "infinity"),
        Map.of(),
        List.of(),
        Optional.empty(),
        Optional.empty(),
        new RestartRule(
            RestartRule.Policy.ALWAYS,
            Duration.ofSeconds(1),
            Duration.ofMinutes(5),
            Duration.ofMinutes(10)),
        new StopRule("TERM", Duration.ofSeconds(30)),
        Limits.NONE,
        new LogRule(20 * MIB, 5),
        Optional.empty(),
        Optional.empty());
  }

  /**
   * @param upFor since the host was started
   * @param running those of its agents that run
   */
  static Usage usage(HostNumber host, Duration upFor, List<AgentRecord> running) {
    double seconds = upFor.toMillis() / 1_000.0;
    double wave = (1 + Math.sin(seconds / 300 + 6 * host.fraction("wave"))) / 2;
    List<Usage.AgentUsage> agents = new ArrayList<>();
    for (AgentRecord agent : running) {
      agents.add(
          new Usage.AgentUsage(
              agent.id(),
              0.02 * wave,
              20 * MIB + Math.round(host.fraction(agent.definition().name()) * 80 * MIB),
              1,
              8,
              24,
              Math.round(seconds * 100),
              Math.round(seconds * 500),
              seconds,
              agent.definition().command().getFirst()));
    }
    return new Usage(
        0.05 + 0.3 * wave,
        GIB + Math.round(wave * GIB),
        0,
        2 * wave,
        seconds,
        List.of(new Usage.Disk("/", 10 * GIB + Math.round(seconds * 1_000), 100 * GIB)),
        List.of(
            new Usage.Network("eth0", Math.round(seconds * 20_000), Math.round(seconds * 30_000))),
        agents);
  }
}
