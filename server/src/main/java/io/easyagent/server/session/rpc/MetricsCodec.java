package io.easyagent.server.session.rpc;

import io.easyagent.protocol.Event.OsResourceUsages;
import io.easyagent.protocol.Event.ProcessResourceUsages;
import io.easyagent.server.agent.AgentId;
import io.easyagent.server.fleet.HostText;
import java.util.HashMap;
import java.util.Map;

/** Figures by name. */
final class MetricsCodec {
  private static final int MOST_MOUNTS = 32;
  private static final int MOST_INTERFACES = 16;

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
    wire.getNetStatsList().stream()
        .limit(MOST_INTERFACES)
        .forEach(net -> {
          String name = HostText.word(net.getIfName());
          figures.put("netReceived:" + name, (double) net.getBytesRecv());
          figures.put("netSent:" + name, (double) net.getBytesSent());
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
    Map<String, Double> figures = new HashMap<>();
    figures.put("cpu", (double) wire.getCpuUsage());
    figures.put("memory", (double) wire.getMemory());
    // A sidecar of before tells no more.
    if (wire.getProcesses() > 0) {
      figures.put("processes", (double) wire.getProcesses());
      figures.put("threads", (double) wire.getThreads());
      figures.put("openFiles", (double) wire.getOpenFiles());
      figures.put("diskRead", (double) wire.getDiskRead());
      figures.put("diskWritten", (double) wire.getDiskWritten());
      figures.put("uptime", (double) wire.getUptime());
    }
    return figures;
  }
}
