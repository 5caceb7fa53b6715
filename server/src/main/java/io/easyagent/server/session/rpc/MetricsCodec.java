package io.easyagent.server.session.rpc;

import io.easyagent.protocol.Event.OsResourceUsages;
import io.easyagent.protocol.Event.ProcessResourceUsages;
import io.easyagent.server.agent.AgentId;
import io.easyagent.server.fleet.HostText;
import java.util.HashMap;
import java.util.Map;

/** Figures by name. */
final class MetricsCodec {
  private static final int MOST_MOUNTS = 64;

  private MetricsCodec() {}

  static Map<String, Double> host(OsResourceUsages wire) {
    Map<String, Double> figures = new HashMap<>();
    figures.put("cpu", (double) wire.getCpuUsage());
    figures.put("memoryUsed", (double) wire.getMemUsage());
    figures.put("swapUsed", (double) wire.getSwapUsage());
    figures.put("load1", (double) wire.getLoad1());
    figures.put("uptime", wire.getUptime());
    wire.getDiskUsageList().stream()
        .limit(MOST_MOUNTS)
        .forEach(disk -> {
          String mount = HostText.word(disk.getMountPoint());
          figures.put("diskUsed:" + mount, (double) disk.getUsedSpace());
          figures.put("diskTotal:" + mount, (double) disk.getTotalSpace());
        });
    return figures;
  }

  /** Of the agents that the host's message tells of. */
  static Map<AgentId, Map<String, Double>> agents(OsResourceUsages wire) {
    Map<AgentId, Map<String, Double>> figures = new HashMap<>();
    wire.getAgentsList().forEach(agent -> figures.put(id(agent), agent(agent)));
    return figures;
  }

  static AgentId id(ProcessResourceUsages wire) {
    return new AgentId(WireIds.uuid(wire.getAgentId(), "agentId"));
  }

  static Map<String, Double> agent(ProcessResourceUsages wire) {
    return Map.of("cpu", (double) wire.getCpuUsage(), "memory", (double) wire.getMemory());
  }
}
