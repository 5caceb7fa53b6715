package io.easyagent.sidecar.supervise;

import io.easyagent.sidecar.linux.ExitWatcher;
import io.easyagent.sidecar.linux.Proc;
import io.easyagent.sidecar.linux.ProcessIdentity;
import io.easyagent.sidecar.log.LogKeeper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * What supervision and tasks share of this host. Closing it ends the watching; whatever runs goes
 * on, to be adopted by the next life of the sidecar.
 */
public final class KeeperHost implements AutoCloseable {
  private final SupervisionSettings settings;
  private final InstantSource clock;
  private final LongSupplier nanoTime;
  private final ScheduledExecutorService scheduler;
  private final HostRules rules;
  private final Proc proc = new Proc();
  private final HostPrograms programs;
  private final ExitWatcher watcher;
  private final Launcher launcher;
  private final EndReader endReader;
  private final LogKeeper logs;
  private final List<String> conditions;

  private KeeperHost(
      SupervisionSettings settings,
      InstantSource clock,
      LongSupplier nanoTime,
      ScheduledExecutorService scheduler,
      HostRules rules,
      Consumer<LaunchStep> reached)
      throws IOException {
    this.settings = settings;
    this.clock = clock;
    this.nanoTime = nanoTime;
    this.scheduler = scheduler;
    this.rules = rules;
    this.programs = HostPrograms.locate();
    this.launcher =
        new Launcher(proc, nanoTime, programs, settings.cgroups(), settings.scope(), reached);
    this.endReader = new EndReader(proc, new LaunchChain(programs));
    this.conditions = HostConditions.of(settings, proc);
    this.watcher = new ExitWatcher(proc);
    this.logs = new LogKeeper(proc.bootId(), clock, nanoTime);
  }

  /**
   * @param clock the wall clock, for what people read
   * @param nanoTime monotonic
   * @param rules asked before every launch and probe
   * @param reached hears of every step of every launch, on the launching thread
   * @throws IOException when the host lacks a program that launches need, or the run folder cannot
   *     be made
   */
  public static KeeperHost open(
      SupervisionSettings settings,
      InstantSource clock,
      LongSupplier nanoTime,
      ScheduledExecutorService scheduler,
      HostRules rules,
      Consumer<LaunchStep> reached)
      throws IOException {
    Files.createDirectories(
        settings.runFolder(),
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    return new KeeperHost(settings, clock, nanoTime, scheduler, rules, reached);
  }

  /** What this host cannot give its agents, one line each for an operator. */
  public List<String> conditions() {
    return conditions;
  }

  Path runFolder() {
    return settings.runFolder();
  }

  InstantSource clock() {
    return clock;
  }

  LongSupplier nanoTime() {
    return nanoTime;
  }

  ScheduledExecutorService scheduler() {
    return scheduler;
  }

  HostRules rules() {
    return rules;
  }

  Proc proc() {
    return proc;
  }

  HostPrograms programs() {
    return programs;
  }

  ExitWatcher watcher() {
    return watcher;
  }

  Launcher launcher() {
    return launcher;
  }

  EndReader endReader() {
    return endReader;
  }

  LogKeeper logs() {
    return logs;
  }

  Adoption adoption() {
    return new Adoption(proc, nanoTime);
  }

  AgentCgroup cgroup(String name) {
    return new AgentCgroup(settings.cgroups(), name);
  }

  ProcessTree tree(AgentCgroup cgroup, LaunchRecord launch, Optional<ProcessIdentity> child) {
    return tree(cgroup, launch, child, Set::of);
  }

  /**
   * @param waiting keepers in the cgroup that wait for another launch
   */
  ProcessTree tree(
      AgentCgroup cgroup,
      LaunchRecord launch,
      Optional<ProcessIdentity> child,
      Supplier<Set<ProcessIdentity>> waiting) {
    return new ProcessTree(proc, nanoTime, cgroup, launch, child, waiting);
  }

  @Override
  public void close() throws IOException {
    logs.close();
    watcher.close();
  }
}
