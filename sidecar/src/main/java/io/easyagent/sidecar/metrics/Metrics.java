package io.easyagent.sidecar.metrics;

import io.easyagent.sidecar.agent.AgentId;
import io.easyagent.sidecar.metrics.ProcText.CpuTimes;
import io.easyagent.sidecar.metrics.ProcText.ProcessStat;
import java.io.IOException;
import java.net.InterfaceAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Reads this host's figures. Rates are between two samples. For one thread at a time. */
public final class Metrics {
  private static final long PAGE = 4_096;
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
   * @param pids the main process of each agent that runs
   */
  public Usage sample(Map<AgentId, Integer> pids) {
    CpuTimes times = ProcText.cpuTimes(read(proc.resolve("stat")));
    long elapsed = times.total() - lastTimes.total();
    long idle = times.idle() - lastTimes.idle();
    Map<String, Long> memory = ProcText.memory(read(proc.resolve("meminfo")));
    Map<Integer, ProcessStat> processes = pids.isEmpty() ? Map.of() : processes();
    Usage usage =
        new Usage(
            elapsed <= 0 ? 0 : Math.clamp((elapsed - idle) / (double) elapsed, 0, 1),
            used(memory, "MemTotal", "MemAvailable"),
            used(memory, "SwapTotal", "SwapFree"),
            ProcText.firstNumber(read(proc.resolve("loadavg"))),
            ProcText.firstNumber(read(proc.resolve("uptime"))),
            disks(),
            ProcText.interfaces(read(proc.resolve("net/dev"))).stream()
                .limit(MOST_INTERFACES)
                .map(net -> new Usage.Network(net.name(), net.sent(), net.received()))
                .toList(),
            agents(pids, processes, elapsed));
    lastTimes = times;
    Map<Integer, Long> ticks = new HashMap<>();
    processes.forEach((pid, stat) -> ticks.put(pid, stat.ticks()));
    lastTicks = ticks;
    return usage;
  }

  private List<Usage.AgentUsage> agents(
      Map<AgentId, Integer> pids, Map<Integer, ProcessStat> processes, long elapsed) {
    Map<Integer, List<ProcessStat>> children = new HashMap<>();
    for (ProcessStat process : processes.values()) {
      children.computeIfAbsent(process.parent(), parent -> new ArrayList<>()).add(process);
    }
    List<Usage.AgentUsage> agents = new ArrayList<>();
    pids.forEach((agent, pid) -> {
      ProcessStat main = processes.get(pid);
      if (main != null) {
        agents.add(tree(agent, main, children, elapsed));
      }
    });
    return agents;
  }

  private Usage.AgentUsage tree(
      AgentId agent, ProcessStat main, Map<Integer, List<ProcessStat>> children, long elapsed) {
    long ticks = 0;
    long pages = 0;
    Deque<ProcessStat> waiting = new ArrayDeque<>(List.of(main));
    while (!waiting.isEmpty()) {
      ProcessStat process = waiting.pop();
      pages += process.residentPages();
      Long before = lastTicks.get(process.pid());
      ticks += before == null ? 0 : Math.max(0, process.ticks() - before);
      waiting.addAll(children.getOrDefault(process.pid(), List.of()));
    }
    double cpu = elapsed <= 0 ? 0 : ticks * (double) cores / elapsed;
    return new Usage.AgentUsage(agent, cpu, pages * PAGE, main.name());
  }

  private Map<Integer, ProcessStat> processes() {
    Map<Integer, ProcessStat> processes = new HashMap<>();
    try (DirectoryStream<Path> folders = Files.newDirectoryStream(proc, "[0-9]*")) {
      for (Path folder : folders) {
        Optional<ProcessStat> stat = ProcText.process(read(folder.resolve("stat")));
        stat.ifPresent(process -> processes.put(process.pid(), process));
      }
    } catch (IOException unreadable) {
      return Map.of();
    }
    return processes;
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
  private static String read(Path file) {
    try {
      return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    } catch (IOException gone) {
      return "";
    }
  }
}
