package io.easyagent.sidecar.metrics;

import io.easyagent.sidecar.agent.AgentId;
import io.easyagent.sidecar.metrics.ProcText.CpuTimes;
import io.easyagent.sidecar.metrics.ProcText.DiskTraffic;
import io.easyagent.sidecar.metrics.ProcText.ProcessStat;
import java.io.IOException;
import java.net.InterfaceAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Reads this host's figures. Rates are between two samples. For one thread at a time. */
public final class Metrics {
  private static final long PAGE = 4_096;

  /** USER_HZ: the unit of times in {@code /proc}, the same on every Linux that we run on. */
  private static final double TICKS_A_SECOND = 100;

  private static final int MOST_DISKS = 32;
  private static final int MOST_INTERFACES = 32;

  private final Path proc;
  private final Path etc;
  private final int cores;
  private CpuTimes lastTimes = new CpuTimes(0, 0);
  private Map<Integer, Long> lastTicks = Map.of();

  public Metrics() {
    this(Path.of("/proc"), Path.of("/etc"), Runtime.getRuntime().availableProcessors());
  }

  Metrics(Path proc, Path etc, int cores) {
    this.proc = proc;
    this.etc = etc;
    this.cores = cores;
  }

  /** What does not change while the host is up. What cannot be read is empty. */
  public HostFacts facts(String sidecarVersion) {
    Map<String, String> release = ProcText.assignments(read(etc.resolve("os-release")));
    Map<String, Long> memory = ProcText.memory(read(proc.resolve("meminfo")));
    return new HostFacts(
        sidecarVersion,
        "linux",
        release.getOrDefault("ID", ""),
        release.getOrDefault("VERSION_ID", ""),
        System.getProperty("os.arch", ""),
        cores,
        memory.getOrDefault("MemTotal", 0L),
        memory.getOrDefault("SwapTotal", 0L),
        read(proc.resolve("sys/kernel/hostname")).trim(),
        addresses(),
        read(etc.resolve("machine-id")).trim(),
        read(proc.resolve("sys/kernel/random/boot_id")).trim(),
        UUID.randomUUID().toString().replace("-", ""));
  }

  /**
   * @param agents those that run
   */
  public Usage sample(Map<AgentId, AgentTree> agents) {
    CpuTimes times = ProcText.cpuTimes(read(proc.resolve("stat")));
    long elapsed = times.total() - lastTimes.total();
    long idle = times.idle() - lastTimes.idle();
    double uptime = ProcText.firstNumber(read(proc.resolve("uptime")));
    Map<String, Long> memory = ProcText.memory(read(proc.resolve("meminfo")));
    ProcessTable table = agents.isEmpty() ? ProcessTable.empty(proc) : ProcessTable.read(proc);
    List<Usage.AgentUsage> used = new ArrayList<>();
    agents.forEach((agent, tree) ->
        table
            .find(tree.main())
            .ifPresent(
                main -> used.add(usage(agent, main, table.of(tree), table, elapsed, uptime))));
    Usage usage =
        new Usage(
            elapsed <= 0 ? 0 : Math.clamp((elapsed - idle) / (double) elapsed, 0, 1),
            used(memory, "MemTotal", "MemAvailable"),
            used(memory, "SwapTotal", "SwapFree"),
            ProcText.firstNumber(read(proc.resolve("loadavg"))),
            uptime,
            disks(),
            ProcText.interfaces(read(proc.resolve("net/dev"))).stream()
                .limit(MOST_INTERFACES)
                .map(net -> new Usage.Network(net.name(), net.sent(), net.received()))
                .toList(),
            used);
    lastTimes = times;
    lastTicks = table.ticks();
    return usage;
  }

  private Usage.AgentUsage usage(
      AgentId agent,
      ProcessStat main,
      List<ProcessStat> processes,
      ProcessTable table,
      long elapsed,
      double uptime) {
    long ticks = 0;
    long pages = 0;
    long threads = 0;
    long files = 0;
    long read = 0;
    long written = 0;
    for (ProcessStat process : processes) {
      Long before = lastTicks.get(process.pid());
      ticks += before == null ? 0 : Math.max(0, process.ticks() - before);
      pages += process.residentPages();
      threads += process.threads();
      files += table.openFiles(process.pid());
      DiskTraffic traffic = table.diskTraffic(process.pid());
      read += traffic.read();
      written += traffic.written();
    }
    return new Usage.AgentUsage(
        agent,
        elapsed <= 0 ? 0 : ticks * (double) cores / elapsed,
        pages * PAGE,
        processes.size(),
        threads,
        files,
        read,
        written,
        Math.max(0, uptime - main.startTicks() / TICKS_A_SECOND),
        main.name());
  }

  private List<Usage.Disk> disks() {
    List<Usage.Disk> disks = new ArrayList<>();
    for (String mountPoint : ProcText.disks(read(proc.resolve("mounts")))) {
      if (disks.size() == MOST_DISKS) {
        break;
      }
      try {
        FileStore store = Files.getFileStore(Path.of(mountPoint));
        long total = store.getTotalSpace();
        disks.add(new Usage.Disk(mountPoint, total - store.getUnallocatedSpace(), total));
      } catch (IOException unmounted) {
        continue;
      }
    }
    return disks;
  }

  private static long used(Map<String, Long> memory, String total, String free) {
    return Math.max(0, memory.getOrDefault(total, 0L) - memory.getOrDefault(free, 0L));
  }

  private static String addresses() {
    List<String> addresses = new ArrayList<>();
    try {
      for (NetworkInterface network : NetworkInterface.networkInterfaces().toList()) {
        if (network.isUp() && !network.isLoopback()) {
          for (InterfaceAddress address : network.getInterfaceAddresses()) {
            if (!address.getAddress().isLinkLocalAddress() && addresses.size() < 16) {
              addresses.add(address.getAddress().getHostAddress());
            }
          }
        }
      }
    } catch (SocketException unreadable) {
      return "";
    }
    return String.join(",", addresses);
  }

  /** A process may end while it is read; what is not there is empty. */
  static String read(Path file) {
    try {
      return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    } catch (IOException gone) {
      return "";
    }
  }
}
