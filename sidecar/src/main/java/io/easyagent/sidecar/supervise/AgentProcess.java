package io.easyagent.sidecar.supervise;

import io.easyagent.sidecar.agent.AgentId;
import io.easyagent.sidecar.linux.ProcessIdentity;
import io.easyagent.sidecar.process.Phase;
import io.easyagent.sidecar.process.ProcessEnd;
import io.easyagent.sidecar.process.ProcessEvent;
import io.easyagent.sidecar.process.ProcessEvent.ProcessEnded;
import io.easyagent.sidecar.process.ProcessState.Due;
import io.easyagent.sidecar.process.Signals;
import io.easyagent.sidecar.secret.Redaction;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;

/**
 * The host's side of one agent: its launch record, its processes, its cgroup. Used on the agent's
 * mailbox only; what the host refuses comes back as an event.
 */
final class AgentProcess {
  private static final Logger LOG = Logger.getLogger(AgentProcess.class.getName());
  private static final Duration CLEAR_PATIENCE = Duration.ofSeconds(5);

  private static final UUID NOT_ON_RECORD = new UUID(0, 0);

  private final AgentId id;
  private final KeeperHost host;
  private final RecordFolder folder;
  private final AgentCgroup cgroup;
  private final BiConsumer<LaunchedProcess, Ended> ended;
  private final OutOfMemory memory;
  private final Standby standby;
  private Optional<LaunchedProcess> launched = Optional.empty();
  private Optional<ProcessTree> tree = Optional.empty();
  private Optional<LaunchPlan> planned = Optional.empty();
  private Optional<LaunchPlan> next = Optional.empty();
  private Redaction redaction = Redaction.NONE;
  private List<String> conditions = List.of();
  private boolean unread;

  /** Reads the end that was seen; to be called on the mailbox. */
  interface Ended {
    ProcessEnded read();
  }

  /**
   * @param mailbox the agent's
   * @param ended called on the watcher's thread when a process has ended
   * @param outOfMemory hears on the mailbox of what was killed of the tree for want of memory
   */
  AgentProcess(
      AgentId id,
      KeeperHost host,
      Mailbox mailbox,
      BiConsumer<LaunchedProcess, Ended> ended,
      Consumer<String> outOfMemory) {
    this.id = id;
    this.host = host;
    this.folder = new RecordFolder(host.runFolder().resolve(id.toString()));
    this.cgroup = host.cgroup(id.toString());
    this.ended = ended;
    this.memory = new OutOfMemory(cgroup.memory(), folder, outOfMemory);
    this.standby = new Standby(host.scheduler(), mailbox, this::startStandby);
  }

  AgentCgroup cgroup() {
    return cgroup;
  }

  List<String> conditions() {
    return Stream.concat(conditions.stream(), memory.condition().stream()).toList();
  }

  /**
   * Looks for processes of a running agent that were killed for want of memory.
   *
   * @return whether some were found that were not known of
   */
  boolean lookForKills() {
    return memory.look();
  }

  Optional<LaunchRecord> launchRecord() {
    return launched.map(LaunchedProcess::launch);
  }

  boolean isCurrent(LaunchedProcess process) {
    return launched.filter(process::equals).isPresent();
  }

  ProcessEvent find() {
    try {
      Optional<String> held = folder.findHeld();
      return switch (host.adoption().find(folder)) {
        case Adoption.Found.Nothing() -> FoundEvents.nothing(held);
        case Adoption.Found.EarlierBoot(var _, var _) -> FoundEvents.nothing(held);
        case Adoption.Found.Ended(var launch, var child, var end) -> {
          tree = Optional.of(tree(launch, child));
          yield FoundEvents.ended(launch.purpose(), end, held);
        }
        case Adoption.Found.Traceless(var launch, var reason) ->
            findTraceless(launch, reason, held);
        case Adoption.Found.Process(var process) -> adopt(process, held);
      };
    } catch (IOException failure) {
      // What cannot be read might still run: nothing is started beside it, see clearTree.
      unread = true;
      return new ProcessEvent.FoundEnded(
          new ProcessEnd.Unknown("its launch record is unreadable: " + Failures.reason(failure)));
    }
  }

  /** A disk that does not take it stops nothing: it holds as long as this sidecar lives. */
  void hold(String cause) {
    try {
      folder.writeHeld(cause);
    } catch (IOException failure) {
      LOG.log(Level.WARNING, failure, () -> id + ": that it is to stay stopped was not written");
    }
  }

  private ProcessEvent findTraceless(LaunchRecord launch, String reason, Optional<String> held)
      throws IOException {
    ProcessTree left = tree(launch, Optional.empty());
    tree = Optional.of(left);
    if (left.members().isEmpty()) {
      left.endKeeper();
      // It was never released: it is still due, and what comes before it in a start is not.
      return switch (launch.purpose()) {
        case LaunchPurpose.PreStart() -> FoundEvents.nothing(held);
        case LaunchPurpose.Main() ->
            folder
                .findEnd(Phase.PRE_START)
                .filter(ProcessEnd::succeeded)
                .<ProcessEvent>map(end ->
                    new ProcessEvent.FoundHookEnded(new ProcessEvent.FoundDue.PreStart(), end))
                .orElseGet(() -> FoundEvents.nothing(held));
        case LaunchPurpose.PostStop(var after, boolean _, String _) ->
            FoundEvents.ended(new LaunchPurpose.Main(), after, held);
      };
    }
    return FoundEvents.ended(launch.purpose(), new ProcessEnd.Unknown(reason), held);
  }

  private ProcessEvent adopt(LaunchedProcess process, Optional<String> held) throws IOException {
    use(process);
    memory.adopted(process.launch().purpose().phase());
    // A sidecar that died while it held the agent still has left it so.
    cgroup.freeze(false);
    cgroup.anchorIfThere(host.proc(), process.launch().keeper());
    conditions =
        cgroup.exists()
            ? List.of()
            : List.of("no cgroup: what leaves the session may be left behind");
    if (host.proc().findStat(process.child()).filter(stat -> !stat.hasEnded()).isPresent()) {
      watch(process);
      int pid = process.child().pid();
      Duration upFor = host.proc().age(process.child());
      return FoundEvents.running(process.launch().purpose(), pid, upFor, held);
    }
    return FoundEvents.ended(process.launch().purpose(), readEnd(process).end(), held);
  }

  private void use(LaunchedProcess process) {
    launched = Optional.of(process);
    tree = Optional.of(tree(process.launch(), Optional.of(process.child())));
  }

  private void watch(LaunchedProcess process) throws IOException {
    host.watcher().watch(process.child(), () -> ended.accept(process, () -> readEnd(process)));
  }

  /** A process that was not launched anew may have read new values. */
  void alsoHide(Redaction more) {
    redaction = redaction.and(more);
  }

  /** Everything inside its cgroup but keepers; empty without a cgroup. From any thread. */
  Set<Integer> processes() {
    try {
      Set<Integer> pids = new LinkedHashSet<>(cgroup.pids());
      standby.keepers().forEach(keeper -> pids.remove(keeper.pid()));
      return pids;
    } catch (IOException gone) {
      return Set.of();
    }
  }

  private ProcessTree tree(LaunchRecord launch, Optional<ProcessIdentity> child) {
    return host.tree(cgroup, launch, child, standby::keepers);
  }

  /**
   * Whether a keeper shall be at hand for the next launch; none is on return when none shall be.
   *
   * @param plan of the next launch
   */
  void standBy(boolean wanted, LaunchPlan plan) {
    next = Optional.of(plan);
    standby.follow(wanted && plan.definition().limits().tasks().isEmpty());
  }

  ProcessEvent launch(LaunchPlan plan) {
    return launch(plan, () -> LaunchTarget.main(plan));
  }

  ProcessEvent launchHook(LaunchPlan plan, Due due) {
    return launch(plan, () -> LaunchTarget.hook(plan, due));
  }

  private ProcessEvent launch(LaunchPlan plan, Supplier<LaunchTarget> chosen) {
    planned = Optional.of(plan);
    redaction = plan.redaction();
    Optional<WaitingKeeper> keeper = standby.take();
    try {
      Optional<String> refusal = host.rules().of(id).againstLaunch(plan);
      if (refusal.isPresent()) {
        throw new LaunchException(refusal.get());
      }
      LaunchTarget target = chosen.get();
      memory.launching(target.purpose().phase());
      LaunchedProcess process = host.launcher().launch(request(plan, target), keeper);
      use(process);
      conditions = process.conditions();
      watch(process);
      return new ProcessEvent.Launched(process.child().pid());
    } catch (IOException failure) {
      return new ProcessEvent.LaunchFailed(Failures.reason(failure));
    } catch (RuntimeException fault) {
      LOG.log(Level.SEVERE, fault, () -> id + ": the launch failed");
      return new ProcessEvent.LaunchFailed("internal fault: " + fault);
    } finally {
      keeper.ifPresent(WaitingKeeper::dismiss);
    }
  }

  private LaunchRequest request(LaunchPlan plan, LaunchTarget target) {
    return new LaunchRequest(
        id.toString(),
        folder,
        target.command(),
        target.environment(),
        Optional.of(plan.definition().user()),
        plan.workingFolder(),
        plan.definition().limits(),
        plan.definition().process(),
        plan.output(),
        outputStart(plan),
        false,
        target.purpose());
  }

  private Optional<WaitingKeeper> startStandby() {
    if (launched.isEmpty() || next.isEmpty() || !cgroup.exists()) {
      return Optional.empty();
    }
    LaunchPlan plan = next.get();
    try {
      return Optional.of(host.launcher().start(request(plan, LaunchTarget.main(plan))));
    } catch (IOException failure) {
      LOG.log(Level.FINE, failure, () -> id + ": its next launch has no keeper at hand");
      return Optional.empty();
    }
  }

  /** An agent starts also where it cannot be told what of its log is whose. */
  private static OptionalLong outputStart(LaunchPlan plan) {
    try {
      return OptionalLong.of(plan.keptOutput().end());
    } catch (IOException unknown) {
      return OptionalLong.empty();
    }
  }

  private ProcessEnded readEnd(LaunchedProcess process) {
    String words =
        planned
            .map(plan ->
                LastOutput.read(plan.keptOutput(), process.launch().outputStart(), redaction))
            .orElse("");
    ProcessEnd end = memory.judge(host.endReader().read(process.launch(), process.child(), words));
    int leftovers = 0;
    try {
      folder.writeEnd(process.launch().purpose().phase(), end);
      // Only a success can be a program that went into the background; the search costs time.
      leftovers = end.succeeded() && tree.isPresent() ? tree.get().members().size() : 0;
    } catch (IOException failure) {
      LOG.log(Level.WARNING, failure, () -> id + ": its end was not written down");
    }
    return new ProcessEnded(end, end instanceof ProcessEnd.NotStarted ? "" : words, leftovers);
  }

  /** The launch on record whose end nobody was told of yet. */
  Optional<UUID> findUntold() {
    try {
      return folder.isTold()
          ? Optional.empty()
          : Optional.of(folder.findLaunch().map(LaunchRecord::launch).orElse(NOT_ON_RECORD));
    } catch (IOException unreadable) {
      return Optional.of(NOT_ON_RECORD);
    }
  }

  /** The end of that launch need not be told again, also by the sidecar's next life. */
  void endIsTold(UUID launch) {
    try {
      if (folder.findLaunch().map(LaunchRecord::launch).equals(Optional.of(launch))) {
        folder.writeTold();
      }
    } catch (IOException failure) {
      LOG.log(Level.WARNING, failure, () -> id + ": that its end was told was not written down");
    }
  }

  void sendStopSignal(String name) {
    withTree(left -> {
      int signal = Signals.findNumber(name).orElse(Signals.TERM);
      left.signalGroup(signal);
    });
  }

  void signalMain(int number) {
    withTree(left -> left.signalMain(number));
  }

  void killTree() {
    withTree(ProcessTree::kill);
  }

  /** Blocks until nothing is left, for a bounded time. */
  ProcessEvent clearTree() {
    try {
      if (unread) {
        tree = findTree();
        unread = false;
      }
      if (tree.isEmpty()) {
        return new ProcessEvent.TreeCleared();
      }
      List<ProcessIdentity> left = tree.get().clear(CLEAR_PATIENCE);
      if (!left.isEmpty()) {
        return new ProcessEvent.TreeRemained(ProcessTree.describe(left));
      }
      tree.get().endKeeper();
      launched = Optional.empty();
      tree = Optional.empty();
      return new ProcessEvent.TreeCleared();
    } catch (IOException failure) {
      return new ProcessEvent.TreeRemained(Failures.reason(failure));
    }
  }

  private Optional<ProcessTree> findTree() throws IOException {
    return switch (host.adoption().find(folder)) {
      case Adoption.Found.Nothing() -> Optional.empty();
      case Adoption.Found.EarlierBoot(var _, var _) -> Optional.empty();
      case Adoption.Found.Ended(var launch, var child, var _) -> Optional.of(tree(launch, child));
      case Adoption.Found.Traceless(var launch, var _) ->
          Optional.of(tree(launch, Optional.empty()));
      case Adoption.Found.Process(var process) ->
          Optional.of(tree(process.launch(), Optional.of(process.child())));
    };
  }

  void dropRecord() {
    try {
      folder.remove();
      cgroup.remove();
      conditions = List.of();
      memory.forget();
    } catch (IOException failure) {
      LOG.log(Level.WARNING, failure, () -> id + ": its launch record was not removed");
    }
  }

  private interface TreeAction {
    void on(ProcessTree tree) throws IOException;
  }

  private void withTree(TreeAction action) {
    if (tree.isEmpty()) {
      return;
    }
    try {
      action.on(tree.get());
    } catch (IOException failure) {
      List<String> changed = new ArrayList<>(conditions);
      changed.add("not signalled: " + Failures.reason(failure));
      conditions = List.copyOf(changed);
    }
  }
}
