package io.easyagent.sidecar.supervise;

import io.easyagent.sidecar.linux.AppendedFile;
import io.easyagent.sidecar.linux.Proc;
import io.easyagent.sidecar.linux.ProcStat;
import io.easyagent.sidecar.linux.ProcessIdentity;
import io.easyagent.sidecar.linux.Processes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Launches processes under keepers. A keeper waits until its launch is on record and then released:
 * a sidecar that dies before leaves nothing that runs, one that dies after leaves what can be
 * found.
 */
final class Launcher {
  private static final Logger LOG = Logger.getLogger(Launcher.class.getName());
  private static final int OUTPUT_MODE = 0640;

  private static final Duration CLEAR_PATIENCE = Duration.ofSeconds(2);

  private final Proc proc;
  private final LongSupplier nanoTime;
  private final HostPrograms programs;
  private final LaunchChain chain;
  private final CgroupParents cgroups;
  private final AgentsScope scope;
  private final Consumer<LaunchStep> reached;

  Launcher(
      Proc proc,
      LongSupplier nanoTime,
      HostPrograms programs,
      CgroupParents cgroups,
      AgentsScope scope,
      Consumer<LaunchStep> reached) {
    this.proc = proc;
    this.nanoTime = nanoTime;
    this.programs = programs;
    this.chain = new LaunchChain(programs);
    this.cgroups = cgroups;
    this.scope = scope;
    this.reached = reached;
  }

  /** Blocks for the few milliseconds that it takes. */
  LaunchedProcess launch(LaunchRequest request) throws IOException {
    return launch(request, Optional.empty());
  }

  /**
   * As the other, faster with a keeper that waits where this launch will be.
   *
   * @param standby used if it fits; if not, the caller's still
   */
  LaunchedProcess launch(LaunchRequest request, Optional<WaitingKeeper> standby)
      throws IOException {
    requireRunnable(request);
    Optional<UserAccount> account = chain.accountFor(request.user());
    scope.ensure();
    AgentCgroup cgroup = new AgentCgroup(cgroups, request.name());
    List<String> conditions = new ArrayList<>(cgroup.prepare(request.limits()));
    byte[] go = go(request, account, conditions);
    Optional<WaitingKeeper> fitting = standby.filter(waiting -> waiting.fits(request));
    WaitingKeeper keeper = fitting.isPresent() ? fitting.get() : start(request);
    try {
      conditions.addAll(keeper.conditions());
      LaunchRecord record =
          new LaunchRecord(
              keeper.launch(),
              keeper.identity(),
              proc.bootId(),
              LaunchChain.programName(request.command()),
              request.outputStart().isPresent()
                  ? request.outputStart().getAsLong()
                  : Files.size(request.output()),
              account.isPresent(),
              request.purpose());
      reached.accept(LaunchStep.KEEPER_STARTED);
      request.folder().begin(record, request.survivesPowerCut());
      reached.accept(LaunchStep.RECORDED);
      ProcessIdentity child = keeper.release(go, () -> reached.accept(LaunchStep.RELEASED));
      cgroup.anchor(record.keeper().pid());
      note(child, request);
      reached.accept(LaunchStep.CHILD_KNOWN);
      return new LaunchedProcess(record, child, conditions);
    } catch (IOException | RuntimeException failure) {
      keeper.kill();
      clear(cgroup, request.folder());
      throw failure;
    } finally {
      keeper.leave();
    }
  }

  /**
   * Starts what {@link #launch} can use later, in the cgroup that is there: what may run in it
   * keeps its limits.
   */
  WaitingKeeper start(LaunchRequest request) throws IOException {
    AgentCgroup cgroup = new AgentCgroup(cgroups, request.name());
    UUID launch = UUID.randomUUID();
    try (AppendedFile output = AppendedFile.open(request.output(), OUTPUT_MODE)) {
      Process process = startKeeper(request.workingFolder(), launch, output);
      try {
        ProcessIdentity identity = identityOf(process);
        List<String> conditions = cgroup.enter(identity.pid());
        WaitingKeeper.Place place = WaitingKeeper.Place.of(request);
        return new WaitingKeeper(proc, process, identity, launch, place, conditions);
      } catch (IOException | RuntimeException failure) {
        process.destroyForcibly();
        throw failure;
      }
    }
  }

  /** It runs already, and is its keeper's only child: a full disk does not end it. */
  private static void note(ProcessIdentity child, LaunchRequest request) {
    try {
      request.folder().writeChild(request.purpose().phase(), child);
    } catch (IOException failure) {
      LOG.log(
          Level.WARNING,
          failure,
          () -> request.name() + ": process " + child.pid() + " was not written down");
    }
  }

  private static void requireRunnable(LaunchRequest request) throws LaunchException {
    if (request.command().isEmpty() || !Path.of(request.command().getFirst()).isAbsolute()) {
      throw new LaunchException(
          "command: " + request.command() + " (expected: an absolute program first)");
    }
    if (!Files.isDirectory(request.workingFolder())) {
      throw new LaunchException(
          "working folder: " + request.workingFolder() + " (expected: a folder)");
    }
    if (request.command().stream().anyMatch(word -> word.indexOf('\0') >= 0)) {
      throw new LaunchException("command: it holds a NUL (expected: text)");
    }
  }

  /** What a keeper is told: the way to the command, and the command's environment. */
  private byte[] go(LaunchRequest request, Optional<UserAccount> account, List<String> conditions)
      throws LaunchException {
    boolean asRoot = account.isEmpty() && Processes.effectiveUser() == 0;
    List<String> bounds =
        new ProcessBounds(proc, programs, conditions)
            .links(request.limits(), request.process().nice(), asRoot);
    return (KeeperShell.go(
                request.process().umask(), chain.arguments(request.command(), account, bounds))
            + ChildEnvironment.text(request.environment()))
        .getBytes(StandardCharsets.UTF_8);
  }

  private Process startKeeper(Path workingFolder, UUID launch, AppendedFile output)
      throws IOException {
    ProcessBuilder builder = new ProcessBuilder(programs.keeperShell().arguments(programs));
    builder.environment().clear();
    builder.environment().put(LaunchRecord.VARIABLE, launch.toString());
    builder.directory(workingFolder.toFile());
    builder.redirectError(ProcessBuilder.Redirect.appendTo(output.path()));
    return builder.start();
  }

  private ProcessIdentity identityOf(Process keeper) throws LaunchException {
    return proc.findStat((int) keeper.pid())
        .map(ProcStat::identity)
        .orElseThrow(() -> new LaunchException("the keeper ended at once"));
  }

  /** A launch that failed half-way leaves nothing that runs. */
  private void clear(AgentCgroup cgroup, RecordFolder folder) throws IOException {
    Optional<LaunchRecord> record = folder.findLaunch();
    if (record.isPresent()) {
      new ProcessTree(proc, nanoTime, cgroup, record.get(), Optional.empty(), Set::of)
          .clear(CLEAR_PATIENCE);
    }
  }
}
