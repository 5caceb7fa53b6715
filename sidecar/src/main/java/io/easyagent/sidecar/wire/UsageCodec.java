package io.easyagent.sidecar.wire;

import io.easyagent.protocol.Event;
import io.easyagent.protocol.Event.EventType;
import io.easyagent.sidecar.metrics.Usage;
import java.time.Instant;

/** Metrics as an event that is neither numbered nor retried. */
public final class UsageCodec {

  private UsageCodec() {}

  /** Of the host and its agents, without a header. */
  public static Event encode(Instant now, Usage usage) {
    var host =
        Event.OsResourceUsages.newBuilder()
            .setCpuUsage((float) usage.cpu())
            .setMemUsage(usage.memory())
            .setSwapUsage(usage.swap())
            .setLoad1((float) usage.load())
            .setUptime(usage.uptime());
    for (Usage.Disk disk : usage.disks()) {
      host.addDiskUsage(
          Event.DiskUsage.newBuilder()
              .setMountPoint(disk.mountPoint())
              .setUsedSpace(disk.used())
              .setTotalSpace(disk.total()));
    }
    for (Usage.Network network : usage.networks()) {
      host.addNetStats(
          Event.NetStat.newBuilder()
              .setIfName(network.name())
              .setBytesSent(network.sent())
              .setBytesRecv(network.received()));
    }
    for (Usage.AgentUsage agent : usage.agents()) {
      host.addAgents(
          Event.ProcessResourceUsages.newBuilder()
              .setAgentId(Fields.bytes(agent.agent()))
              .setCpuUsage((float) agent.cpu())
              .setMemory(agent.memory())
              .setProcesses((int) agent.processes())
              .setThreads((int) agent.threads())
              .setOpenFiles((int) agent.openFiles())
              .setDiskRead(agent.read())
              .setDiskWritten(agent.written())
              .setUptime((float) agent.uptime())
              .setCmd(agent.program()));
    }
    return Event.newBuilder()
        .setEventType(EventType.EVT_OS_RESOURCE_USAGES)
        .setOccurredAt(Fields.timestamp(now))
        .setOsResourceUsages(host)
        .build();
  }

  /** Something that an operator should know at once and that is in no journal. */
  public static Event error(Instant now, String message) {
    return Event.newBuilder()
        .setEventType(EventType.EVT_AGENT_ERR)
        .setOccurredAt(Fields.timestamp(now))
        .setAgentError(Event.AgentError.newBuilder().setErrstr(message))
        .build();
  }
}
