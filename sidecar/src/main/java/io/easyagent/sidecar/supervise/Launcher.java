package io.easyagent.sidecar.supervise;

import io.easyagent.sidecar.linux.AppendedFile;
import io.easyagent.sidecar.linux.Proc;
import io.easyagent.sidecar.linux.ProcStat;
import io.easyagent.sidecar.linux.ProcessIdentity;
import io.easyagent.sidecar.linux.Processes;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
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
    requireRunnable(request);
    Optional<UserAccount> account = chain.accountFor(request.user());
    scope.ensure();
    AgentCgroup cgroup = new AgentCgroup(cgroups, request.name());
    List<String> conditions = new ArrayList<>(cgroup.prepare(request.limits()));
    boolean asRoot = account.isEmpty() && Processes.effectiveUser() == 0;
    List<String> bounds =
        new ProcessBounds(proc, programs, conditions)
            .links(request.limits(), request.process().nice(), asRoot);
    UUID launch = UUID.randomUUID();
    List<String> arguments = keeperArguments(request, account, bounds);
    byte[] go = ChildEnvironment.go(request.environment());
    request.folder().create();
    try (AppendedFile output = AppendedFile.open(request.output(), OUTPUT_MODE)) {
      long outputStart =
          request.outputStart().isPresent()
              ? request.outputStart().getAsLong()
              : Files.size(request.output());
      Process keeper = startKeeper(request, launch, arguments, output);
      try {
        LaunchRecord record =
            new LaunchRecord(
                launch,
                identityOf(keeper),
                proc.bootId(),
                LaunchChain.programName(request.command()),
                outputStart,
                account.isPresent(),
                request.purpose());
        conditions.addAll(cgroup.enter((int) keeper.pid()));
        reached.accept(LaunchStep.KEEPER_STARTED);
        request.folder().begin(record, request.survivesPowerCut());
        reached.accept(LaunchStep.RECORDED);
        ProcessIdentity child = release(keeper, go);
        cgroup.anchor(record.keeper().pid());
        note(child, request);
        reached.accept(LaunchStep.CHILD_KNOWN);
        return new LaunchedProcess(record, child, conditions);
      } catch (IOException | RuntimeException failure) {
        keeper.destroyForcibly();
        clear(cgroup, request.folder());
        throw failure;
      } finally {
        close(keeper);
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
  }

  private List<String> keeperArguments(
      LaunchRequest request, Optional<UserAccount> account, List<String> bounds)
      throws LaunchException {
    List<String> arguments = new ArrayList<>();
    arguments.addAll(
        List.of(
            programs.setsid(),
            programs.keeperShell().program(),
            "-c",
            programs.keeperShell().script(),
            "easyagent-keeper",
            programs.env(),
            programs.sleep(),
            String.format(Locale.ROOT, "%04o", request.process().umask())));
    arguments.addAll(chain.arguments(request.command(), account, bounds));
    return arguments;
  }

  private static Process startKeeper(
      LaunchRequest request, UUID launch, List<String> arguments, AppendedFile output)
      throws IOException {
    ProcessBuilder builder = new ProcessBuilder(arguments);
    builder.environment().clear();
    builder.environment().put(LaunchRecord.VARIABLE, launch.toString());
    builder.directory(request.workingFolder().toFile());
    builder.redirectError(ProcessBuilder.Redirect.appendTo(output.path()));
    return builder.start();
  }

  private ProcessIdentity identityOf(Process keeper) throws LaunchException {
    return proc.findStat((int) keeper.pid())
        .map(ProcStat::identity)
        .orElseThrow(() -> new LaunchException("the keeper ended at once"));
  }

  /** In one write: what fits into a pipe is there whole, even when the sidecar dies now. */
  private ProcessIdentity release(Process keeper, byte[] go) throws IOException {
    keeper.getOutputStream().write(go);
    keeper.getOutputStream().flush();
    reached.accept(LaunchStep.RELEASED);
    try (BufferedReader reader =
        new BufferedReader(keeper.inputReader(StandardCharsets.US_ASCII), 64)) {
      String line = reader.readLine();
      if (line == null || !line.matches("[0-9]{1,9}")) {
        throw new LaunchException("the keeper answered " + line + " (expected: a process number)");
      }
      int pid = Integer.parseInt(line);
      return proc.findStat(pid)
          .map(ProcStat::identity)
          .orElseThrow(() -> new LaunchException("process " + pid + " is gone with its keeper"));
    }
  }

  /** A launch that failed half-way leaves nothing that runs. */
  private void clear(AgentCgroup cgroup, RecordFolder folder) throws IOException {
    Optional<LaunchRecord> record = folder.findLaunch();
    if (record.isPresent()) {
      new ProcessTree(proc, nanoTime, cgroup, record.get(), Optional.empty()).clear(CLEAR_PATIENCE);
    }
  }

  private static void close(Process keeper) {
    try {
      keeper.getOutputStream().close();
    } catch (IOException ended) {
      // The keeper has closed its end: nothing is lost.
      return;
    }
  }
}
