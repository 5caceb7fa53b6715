package io.easyagent.sidecar.metrics;

import io.easyagent.sidecar.metrics.ProcText.DiskTraffic;
import io.easyagent.sidecar.metrics.ProcText.ProcessStat;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** All processes of the host at one moment. */
final class ProcessTable {
  /** What more than this many descriptors of a process cost to count is not worth it. */
  private static final int MOST_FILES = 65_536;

  private final Path proc;
  private final Map<Integer, ProcessStat> processes;
  private final Map<Integer, List<ProcessStat>> children = new HashMap<>();

  private ProcessTable(Path proc, Map<Integer, ProcessStat> processes) {
    this.proc = proc;
    this.processes = processes;
    for (ProcessStat process : processes.values()) {
      children.computeIfAbsent(process.parent(), parent -> new ArrayList<>()).add(process);
    }
  }

  /** Of nobody. */
  static ProcessTable empty(Path proc) {
    return new ProcessTable(proc, Map.of());
  }

  /** What {@code /proc} has; empty when it cannot be read. */
  static ProcessTable read(Path proc) {
    Map<Integer, ProcessStat> processes = new HashMap<>();
    try (DirectoryStream<Path> folders = Files.newDirectoryStream(proc, "[0-9]*")) {
      for (Path folder : folders) {
        Optional<ProcessStat> stat = ProcText.process(Metrics.read(folder.resolve("stat")));
        stat.ifPresent(process -> processes.put(process.pid(), process));
      }
    } catch (IOException unreadable) {
      return empty(proc);
    }
    return new ProcessTable(proc, processes);
  }

  /** Processor time of each process, by its number. */
  Map<Integer, Long> ticks() {
    Map<Integer, Long> ticks = new HashMap<>();
    processes.forEach((pid, stat) -> ticks.put(pid, stat.ticks()));
    return ticks;
  }

  Optional<ProcessStat> find(int pid) {
    return Optional.ofNullable(processes.get(pid));
  }

  /** Those of a tree that are there, each once. */
  List<ProcessStat> of(AgentTree tree) {
    Map<Integer, ProcessStat> found = new LinkedHashMap<>();
    Deque<ProcessStat> waiting = new ArrayDeque<>();
    find(tree.main()).ifPresent(waiting::add);
    tree.inside().forEach(pid -> find(pid).ifPresent(waiting::add));
    while (!waiting.isEmpty()) {
      ProcessStat process = waiting.pop();
      if (found.putIfAbsent(process.pid(), process) == null) {
        waiting.addAll(children.getOrDefault(process.pid(), List.of()));
      }
    }
    return List.copyOf(found.values());
  }

  /** Descriptors of a process; 0 when that may not be known. */
  long openFiles(int pid) {
    Path folder = proc.resolve(Integer.toString(pid)).resolve("fd");
    try {
      // From Linux 6.2 on the folder's size is their number.
      long size = Files.size(folder);
      return size > 0 ? size : count(folder);
    } catch (IOException gone) {
      return 0;
    }
  }

  private static long count(Path folder) throws IOException {
    long number = 0;
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
      for (var each = files.iterator(); each.hasNext() && number < MOST_FILES; each.next()) {
        number++;
      }
    }
    return number;
  }

  DiskTraffic diskTraffic(int pid) {
    return ProcText.diskTraffic(Metrics.read(proc.resolve(Integer.toString(pid)).resolve("io")));
  }
}
