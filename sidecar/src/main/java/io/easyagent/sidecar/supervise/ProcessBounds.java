package io.easyagent.sidecar.supervise;

import io.easyagent.sidecar.agent.Limits;
import io.easyagent.sidecar.linux.Proc;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * The links of a launch's chain that bound a process in what cgroups do not: its resource limits
 * and its priority. What the host cannot give is left out, or less, and becomes a condition.
 */
final class ProcessBounds {
  private final Proc proc;
  private final HostPrograms programs;
  private final List<String> conditions;

  /**
   * @param conditions gets a line for everything that is not given as wished
   */
  ProcessBounds(Proc proc, HostPrograms programs, List<String> conditions) {
    this.proc = proc;
    this.programs = programs;
    this.conditions = conditions;
  }

  /**
   * @param asRoot whether the process will run as uid 0
   */
  List<String> links(Limits limits, OptionalInt nice, boolean asRoot) {
    List<String> links = new ArrayList<>(limits(limits, asRoot));
    links.addAll(priority(nice));
    return links;
  }

  private List<String> limits(Limits limits, boolean asRoot) {
    List<String> options = new ArrayList<>();
    add(options, "--nofile", "open files", Proc.OPEN_FILES, limits.openFiles());
    add(options, "--core", "core", Proc.CORE_SIZE, limits.core());
    add(options, "--nproc", "processes", Proc.PROCESSES, limits.processes());
    if (options.isEmpty()) {
      return List.of();
    }
    if (programs.prlimit().isEmpty()) {
      conditions.add("no limit of open files, core and processes: this host has no prlimit");
      return List.of();
    }
    if (asRoot && limits.processes().isPresent()) {
      conditions.add("processes limit does not bind root");
    }
    options.addFirst(programs.prlimit());
    options.add("--");
    return options;
  }

  private void add(
      List<String> options, String option, String name, String resource, OptionalLong wished) {
    if (wished.isEmpty()) {
      return;
    }
    long most = proc.mostOf(resource);
    if (wished.getAsLong() > most) {
      conditions.add(name + " limit is " + most + ": this host does not give more");
    }
    long given = Math.min(wished.getAsLong(), most);
    options.add(option + "=" + given + ":" + given);
  }

  /** The program counts from the priority that it is started with. */
  private List<String> priority(OptionalInt nice) {
    if (nice.isEmpty()) {
      return List.of();
    }
    int by = nice.getAsInt() - proc.ownNiceness();
    if (by == 0) {
      return List.of();
    }
    if (programs.nice().isEmpty()) {
      conditions.add("nice is not " + nice.getAsInt() + ": this host has no program nice");
      return List.of();
    }
    if (by < 0 && !proc.mayRaisePriority()) {
      conditions.add(
          "nice is "
              + proc.ownNiceness()
              + ": the sidecar may not give less (it lacks CAP_SYS_NICE)");
      return List.of();
    }
    return List.of(programs.nice(), "-n", Integer.toString(by));
  }
}
