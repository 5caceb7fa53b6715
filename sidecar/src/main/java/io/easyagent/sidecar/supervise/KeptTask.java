package io.easyagent.sidecar.supervise;

import io.easyagent.sidecar.agent.Limits;
import io.easyagent.sidecar.agent.ProcessSettings;
import io.easyagent.sidecar.linux.ProcStat;
import io.easyagent.sidecar.linux.ProcessIdentity;
import io.easyagent.sidecar.process.Phase;
import io.easyagent.sidecar.process.ProcessEnd;
import io.easyagent.sidecar.secret.Redaction;
import io.easyagent.sidecar.supervise.RecordFolder.KillReason;
import io.easyagent.sidecar.supervise.TaskOutput.Bounding;
import io.easyagent.sidecar.supervise.Tasks.Output;
import io.easyagent.sidecar.supervise.Tasks.Task;
import io.easyagent.sidecar.supervise.Tasks.TaskEnd;
import io.easyagent.sidecar.supervise.Tasks.TaskPlan;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;

/** One task: launched at most once, watched, bounded in time and output, ended with its tree. */
final class KeptTask implements Task {
  private static final Logger LOG = Logger.getLogger(KeptTask.class.getName());
  private static final Duration CLEAR_PATIENCE = Duration.ofSeconds(30);
  private static final Duration BOUND_SOON = Duration.ofMillis(20);
  private static final Duration BOUND_LATEST = Duration.ofMillis(200);

  private final UUID id;
  private final KeeperHost host;
  private final Map<UUID, KeptTask> tasks;
  private final RecordFolder folder;
  private final AgentCgroup cgroup;
  private final Mailbox mailbox;
  private final CompletableFuture<TaskEnd> end = new CompletableFuture<>();
  private Limit limit = new Limit(Duration.ZERO, 0);
  private Optional<ProcessTree> tree = Optional.empty();
  private Optional<Future<?>> timeout = Optional.empty();

  /** Why this life of the sidecar has killed it; told in the mailbox. */
  private Optional<KillReason> killed = Optional.empty();

  private volatile boolean left;

  private record Limit(Duration timeout, int output) {}

  KeptTask(UUID id, KeeperHost host, Map<UUID, KeptTask> tasks) {
    this.id = id;
    this.host = host;
    this.tasks = tasks;
    this.folder =
        new RecordFolder(host.runFolder().resolve(KeeperTasks.FOLDER).resolve(id.toString()));
    this.cgroup = host.cgroup(cgroupName(id.toString()));
    this.mailbox = new Mailbox("task-" + id);
  }

  /** Of the task whose folder has that name. */
  static String cgroupName(String id) {
    return "task-" + id;
  }

  private Path outputFile() {
    return folder.path().resolve("output");
  }

  /** Launches, unless a launch is on record. Blocks for the few milliseconds that it takes. */
  void runOrAdopt(TaskPlan plan) {
    try {
      if (!adopt()) {
        launch(plan);
      }
    } catch (IOException failure) {
      // With a launch on record it may have run: then only its traces may tell how it ended.
      if (!adopt()) {
        complete(KeeperTasks.notStarted(failure), Output.NONE, Optional.empty());
      }
    }
  }

  private void launch(TaskPlan plan) throws IOException {
    HostRules rules = plan.definedBy().map(host.rules()::of).orElse(host.rules());
    Optional<String> refusal = rules.againstCommandLine(plan.command(), plan.user());
    if (refusal.isPresent()) {
      throw new LaunchException(refusal.get());
    }
    limit = new Limit(plan.timeout(), plan.outputLimit());
    folder.create();
    folder.writeLimits(plan.timeout(), plan.outputLimit());
    LaunchedProcess process =
        host.launcher()
            .launch(
                new LaunchRequest(
                    "task-" + id,
                    folder,
                    plan.command(),
                    plan.environment(),
                    plan.user(),
                    plan.workingFolder(),
                    Limits.NONE,
                    ProcessSettings.DEFAULT,
                    outputFile(),
                    OptionalLong.empty(),
                    true,
                    new LaunchPurpose.Main()));
    watch(process, plan.timeout());
  }

  /** False when no launch is on record. */
  boolean adopt() {
    try {
      Adoption.Found found = host.adoption().find(folder);
      if (found instanceof Adoption.Found.Nothing) {
        return false;
      }
      limit =
          folder
              .findLimits()
              .map(limits -> new Limit(limits.timeout(), limits.output()))
              .orElse(limit);
      adopt(found);
    } catch (IOException failure) {
      complete(
          new ProcessEnd.Unknown("its record is unreadable: " + Failures.reason(failure)),
          Output.NONE,
          Optional.empty());
    }
    return true;
  }

  private void adopt(Adoption.Found found) throws IOException {
    switch (found) {
      case Adoption.Found.Nothing() -> throw new IllegalStateException("nothing to adopt");
      case Adoption.Found.EarlierBoot(var _, var knownEnd) ->
          finish(knownEnd.orElse(new ProcessEnd.Unknown("the host went down")));
      case Adoption.Found.Ended(var launch, var child, var knownEnd) -> {
        tree = Optional.of(host.tree(cgroup, launch, child));
        mailbox.post(() -> clearAndFinish(knownEnd));
      }
      case Adoption.Found.Traceless(var launch, String reason) -> {
        tree = Optional.of(host.tree(cgroup, launch, Optional.empty()));
        mailbox.post(() -> clearAndFinish(new ProcessEnd.Unknown(reason)));
      }
      case Adoption.Found.Process(var process) -> {
        cgroup.anchorIfThere(host.proc(), process.launch().keeper());
        Duration age = host.proc().age(process.launch().keeper());
        watch(process, limit.timeout().minus(age));
      }
    }
  }

  private void watch(LaunchedProcess process, Duration timeLeft) throws IOException {
    tree = Optional.of(host.tree(cgroup, process.launch(), Optional.of(process.child())));
    timeout =
        Optional.of(
            host.scheduler()
                .schedule(
                    () -> kill(KillReason.TIMEOUT),
                    Math.max(0, timeLeft.toNanos()),
                    TimeUnit.NANOSECONDS));
    scheduleBounding(new TaskOutput(outputFile(), limit.output()), BOUND_SOON);
    Optional<ProcStat> stat = host.proc().findStat(process.child());
    if (stat.isEmpty() || stat.get().hasEnded()) {
      mailbox.post(() -> ended(process));
    } else {
      host.watcher().watch(process.child(), () -> mailbox.post(() -> ended(process)));
    }
  }

  /** Often while the output grows beyond its bound, seldom while it does not. */
  private void scheduleBounding(TaskOutput output, Duration delay) {
    host.scheduler()
        .schedule(
            () -> mailbox.post(() -> bound(output, delay)), delay.toNanos(), TimeUnit.NANOSECONDS);
  }

  private void bound(TaskOutput output, Duration delay) {
    if (left || end.isDone()) {
      return;
    }
    try {
      Bounding bounding = output.bound();
      switch (bounding) {
        case FREED -> scheduleBounding(output, BOUND_SOON);
        case SMALL_ENOUGH -> {
          Duration doubled = delay.multipliedBy(2);
          scheduleBounding(output, doubled.compareTo(BOUND_LATEST) < 0 ? doubled : BOUND_LATEST);
        }
        case NOT_POSSIBLE -> kill(KillReason.OUTPUT);
      }
    } catch (IOException failure) {
      LOG.log(Level.WARNING, failure, () -> "task " + id + ": its output cannot be bounded");
      kill(KillReason.OUTPUT);
    }
  }

  private void kill(KillReason reason) {
    mailbox.post(() -> {
      if (left || end.isDone() || tree.isEmpty()) {
        return;
      }
      note(reason);
      try {
        tree.get().kill();
      } catch (IOException failure) {
        LOG.log(Level.WARNING, failure, () -> "task " + id + ": was not killed");
      }
    });
  }

  /** A disk without room for the reason keeps nothing alive. */
  private void note(KillReason reason) {
    try {
      killed = folder.findKilled().or(() -> killed);
      if (killed.isEmpty()) {
        killed = Optional.of(reason);
        folder.writeKilled(reason);
      }
    } catch (IOException failure) {
      LOG.log(
          Level.WARNING, failure, () -> "task " + id + ": why it is killed was not written down");
    }
  }

  private void ended(LaunchedProcess process) {
    if (left || end.isDone()) {
      return;
    }
    String words = LastOutput.read(outputFile(), 0, Redaction.NONE);
    ProcessEnd processEnd = host.endReader().read(process.launch(), process.child(), words);
    try {
      folder.writeEnd(Phase.MAIN, processEnd);
    } catch (IOException failure) {
      LOG.log(Level.WARNING, failure, () -> "task " + id + ": its end was not written down");
    }
    clearAndFinish(processEnd);
  }

  private void clearAndFinish(ProcessEnd processEnd) {
    try {
      if (tree.isPresent()) {
        List<ProcessIdentity> remaining = tree.get().clear(CLEAR_PATIENCE);
        if (!remaining.isEmpty()) {
          LOG.warning(() -> "task " + id + ": " + ProcessTree.describe(remaining));
        }
        tree.get().endKeeper();
      }
      finish(processEnd);
    } catch (IOException failure) {
      LOG.log(Level.WARNING, failure, () -> "task " + id + ": its tree was not cleared");
      complete(processEnd, Output.NONE, Optional.empty());
    }
  }

  private void finish(ProcessEnd processEnd) throws IOException {
    Optional<KillReason> why = folder.findKilled().or(() -> killed);
    TaskOutput output = new TaskOutput(outputFile(), limit.output());
    ProcessEnd told =
        why.filter(reason -> reason == KillReason.OUTPUT).isPresent()
            ? new ProcessEnd.Unknown(
                "killed: it printed more than is kept, and this file system cannot give back the"
                    + " middle of a file")
            : processEnd;
    output.bound();
    complete(told, output.read(), why);
  }

  private void complete(ProcessEnd processEnd, Output output, Optional<KillReason> why) {
    timeout.ifPresent(future -> future.cancel(false));
    end.complete(
        new TaskEnd(
            processEnd,
            why.filter(reason -> reason == KillReason.TIMEOUT).isPresent(),
            why.filter(reason -> reason == KillReason.CANCEL).isPresent(),
            output));
  }

  @Override
  public CompletionStage<TaskEnd> end() {
    return end.minimalCompletionStage();
  }

  @Override
  public void cancel() {
    kill(KillReason.CANCEL);
  }

  @Override
  public void timeOut() {
    kill(KillReason.TIMEOUT);
  }

  @Override
  public void clear() {
    if (!end.isDone()) {
      throw new IllegalStateException("task: " + id + " runs (expected: ended)");
    }
    try {
      folder.remove();
      cgroup.remove();
    } catch (IOException failure) {
      LOG.log(Level.WARNING, failure, () -> "task " + id + ": its record was not removed");
    }
    tasks.remove(id, this);
  }

  /** The sidecar ends; the task goes on. */
  void leave() {
    left = true;
    timeout.ifPresent(future -> future.cancel(false));
  }
}
