package io.easyagent.sidecar.supervise;

import io.easyagent.sidecar.linux.Proc;
import io.easyagent.sidecar.linux.ProcStat;
import io.easyagent.sidecar.linux.ProcessDescriptor;
import io.easyagent.sidecar.linux.ProcessIdentity;
import io.easyagent.sidecar.linux.Processes;
import io.easyagent.sidecar.process.Signals;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Everything that a launch has started and that still runs: what is in its cgroup; without one,
 * what is in the main process's group or session, carries the launch's id in its environment, or
 * descends from such. Never a keeper, never a process that started before the launch.
 */
final class ProcessTree {
  private static final Duration ROUND = Duration.ofMillis(200);

  private final Proc proc;
  private final LongSupplier nanoTime;
  private final AgentCgroup cgroup;
  private final LaunchRecord launch;
  private final Optional<ProcessIdentity> child;
  private final Supplier<Set<ProcessIdentity>> waiting;

  /**
   * @param waiting keepers in the cgroup that wait for another launch
   */
  ProcessTree(
      Proc proc,
      LongSupplier nanoTime,
      AgentCgroup cgroup,
      LaunchRecord launch,
      Optional<ProcessIdentity> child,
      Supplier<Set<ProcessIdentity>> waiting) {
    this.proc = proc;
    this.nanoTime = nanoTime;
    this.cgroup = cgroup;
    this.launch = launch;
    this.child = child;
    this.waiting = waiting;
  }

  /** What runs at this moment, zombies not included. */
  List<ProcessIdentity> members() throws IOException {
    List<ProcStat> running =
        cgroup.exists()
            ? running(cgroup::pids, proc::findStat, keepers())
            : bySearch().stream().filter(stat -> !stat.hasEnded()).toList();
    return running.stream().map(ProcStat::identity).toList();
  }

  private Set<ProcessIdentity> keepers() {
    Set<ProcessIdentity> keepers = new HashSet<>(waiting.get());
    keepers.add(launch.keeper());
    return keepers;
  }

  /** The numbers of the processes in a cgroup at one moment. */
  interface Listing {
    Set<Integer> read() throws IOException;
  }

  /**
   * What runs of a cgroup's processes but the keepers. One that has ended since it was listed may
   * have forked a child that the list does not have: it takes a list of nothing but what had ended
   * before to say that nothing runs.
   */
  static List<ProcStat> running(
      Listing listing, IntFunction<Optional<ProcStat>> findStat, Set<ProcessIdentity> keepers)
      throws IOException {
    Set<ProcessIdentity> ended = new HashSet<>();
    while (true) {
      Set<Integer> listed = listing.read();
      List<ProcStat> found =
          listed.stream().map(findStat::apply).flatMap(Optional::stream).toList();
      List<ProcStat> running =
          found.stream()
              .filter(stat -> !stat.hasEnded() && !keepers.contains(stat.identity()))
              .toList();
      boolean newlyEnded = false;
      for (ProcStat stat : found) {
        newlyEnded |= stat.hasEnded() && ended.add(stat.identity());
      }
      boolean sure = found.size() == listed.size() && !newlyEnded;
      if (sure || !running.isEmpty()) {
        return running;
      }
    }
  }

  private List<ProcStat> bySearch() {
    List<ProcStat> candidates =
        proc.pids().stream()
            .map(proc::findStat)
            .flatMap(Optional::stream)
            .filter(stat -> stat.startTicks() >= launch.keeper().startTicks())
            .filter(stat -> !stat.identity().equals(launch.keeper()))
            .toList();
    // A number stays taken while it is a group's or a session's; another process that has it now
    // means that nothing of ours is left there.
    Optional<Integer> group =
        child
            .filter(main ->
                candidates.stream()
                    .noneMatch(stat -> stat.pid() == main.pid() && !stat.identity().equals(main)))
            .map(ProcessIdentity::pid);
    Set<Integer> members = new HashSet<>();
    for (ProcStat stat : candidates) {
      boolean ours =
          group.filter(id -> stat.group() == id || stat.session() == id).isPresent()
              || (!stat.hasEnded() && proc.environmentHas(stat.pid(), launch.assignment()));
      if (ours) {
        members.add(stat.pid());
      }
    }
    for (boolean grown = !members.isEmpty(); grown; ) {
      grown = false;
      for (ProcStat stat : candidates) {
        grown |= members.contains(stat.parent()) && members.add(stat.pid());
      }
    }
    return candidates.stream().filter(stat -> members.contains(stat.pid())).toList();
  }

  /** To the main process's group; to nothing when it cannot be told from a stranger's. */
  void signalGroup(int signal) throws IOException {
    if (child.isEmpty()) {
      return;
    }
    // While the zombie or the process is there its number is its group's and nobody else's.
    if (proc.findStat(child.get()).isPresent()) {
      Processes.signalGroup(child.get().pid(), signal);
    }
  }

  /** To the main process alone. */
  void signalMain(int signal) throws IOException {
    if (child.isPresent()) {
      signal(child.get(), signal);
    }
  }

  private void signal(ProcessIdentity identity, int signal) throws IOException {
    Optional<ProcessDescriptor> opened = ProcessDescriptor.open(proc, identity);
    if (opened.isPresent()) {
      try (ProcessDescriptor descriptor = opened.get()) {
        descriptor.signal(signal);
      }
    }
  }

  /** One round of kills; what forks faster may need more. */
  void kill() throws IOException {
    List<ProcessDescriptor> killed = killRound();
    for (ProcessDescriptor descriptor : killed) {
      descriptor.close();
    }
  }

  private List<ProcessDescriptor> killRound() throws IOException {
    List<ProcessDescriptor> descriptors = new ArrayList<>();
    if (cgroup.exists()) {
      cgroup.anchorIfThere(proc, launch.keeper());
    }
    List<ProcessIdentity> members = members();
    for (ProcessIdentity member : members) {
      ProcessDescriptor.open(proc, member).ifPresent(descriptors::add);
    }
    if (!cgroup.exists() || !cgroup.kill()) {
      holdAndKill(descriptors);
    }
    return descriptors;
  }

  private void holdAndKill(List<ProcessDescriptor> descriptors) throws IOException {
    cgroup.freeze(true);
    try {
      signalGroup(Signals.KILL);
      for (ProcessDescriptor descriptor : descriptors) {
        descriptor.signal(Signals.KILL);
      }
      if (cgroup.exists()) {
        for (ProcessIdentity late : members()) {
          signal(late, Signals.KILL);
        }
      }
    } finally {
      cgroup.freeze(false);
    }
  }

  /**
   * Kills round after round until nothing is left.
   *
   * @return what is left after that time; empty when nothing is
   */
  List<ProcessIdentity> clear(Duration patience) throws IOException {
    long start = nanoTime.getAsLong();
    while (true) {
      List<ProcessIdentity> members = members();
      if (members.isEmpty() || nanoTime.getAsLong() - start > patience.toNanos()) {
        return members;
      }
      for (ProcessDescriptor descriptor : killRound()) {
        try (descriptor) {
          descriptor.awaitEnd(ROUND);
        }
      }
    }
  }

  static String describe(List<ProcessIdentity> left) {
    return left.stream()
        .limit(5)
        .map(identity -> Integer.toString(identity.pid()))
        .collect(Collectors.joining(", ", "still there after SIGKILL: process ", ""));
  }

  /** Ends the keeper, so that the zombie goes and its number is free again. */
  void endKeeper() throws IOException {
    signal(launch.keeper(), Signals.KILL);
  }
}
