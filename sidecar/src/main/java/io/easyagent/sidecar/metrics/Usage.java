package io.easyagent.sidecar.metrics;

import io.easyagent.sidecar.agent.AgentId;
import java.util.List;

/**
 * What the host and its agents use at one moment.
 *
 * @param cpu of all processors together, 0 to 1, since the last sample
 * @param memory bytes in use
 * @param swap bytes in use
 * @param uptime seconds
 */
public record Usage(
    double cpu,
    long memory,
    long swap,
    double load,
    double uptime,
    List<Disk> disks,
    List<Network> networks,
    List<AgentUsage> agents) {

  public Usage {
    disks = List.copyOf(disks);
    networks = List.copyOf(networks);
    agents = List.copyOf(agents);
  }

  /** Bytes. */
  public record Disk(String mountPoint, long used, long total) {}

  /** Bytes since boot. */
  public record Network(String name, long sent, long received) {}

  /**
   * All processes of an agent together.
   *
   * @param cpu processors in use, 1 being one of them, since the last sample
   * @param memory resident bytes; what processes share counts for each of them
   * @param openFiles descriptors
   * @param read bytes from disks, of the processes that are there now, since each began
   * @param written bytes to disks, likewise
   * @param uptime seconds since the main process began
   */
  public record AgentUsage(
      AgentId agent,
      double cpu,
      long memory,
      long processes,
      long threads,
      long openFiles,
      long read,
      long written,
      double uptime,
      String program) {}
}
