package io.easyagent.sidecar.supervise;

import io.easyagent.sidecar.linux.ProcessDescriptor;
import io.easyagent.sidecar.linux.ProcessIdentity;
import io.easyagent.sidecar.process.Signals;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What earlier launches have left running, for when no sidecar runs and none will: the holder of
 * the data folder's lock looks at it, or ends it.
 */
public final class Leftovers {
  private static final Duration GRACE = Duration.ofSeconds(10);
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final KeeperHost host;

  public Leftovers(KeeperHost host) {
    this.host = host;
  }

  /** One launch of which something runs. */
  private record Running(
      RecordFolder folder,
      AgentCgroup cgroup,
      LaunchRecord launch,
      Optional<ProcessIdentity> child,
      ProcessTree tree,
      List<ProcessIdentity> members) {}

  /**
   * What runs, one line each.
   *
   * @throws IOException when a launch record cannot be read: something of it may run
   */
  public List<String> running() throws IOException {
    return find().stream().map(Leftovers::line).toList();
  }

  /**
   * Ends what runs: a signal to end, ten seconds, then the whole tree is killed.
   *
   * @return what was ended, one line each
   * @throws IOException when something is still there after that
   */
  public List<String> end() throws IOException {
    List<String> ended = new ArrayList<>();
    for (Running each : find()) {
      each.tree().signalGroup(Signals.TERM);
      awaitMain(each);
      List<ProcessIdentity> left = each.tree().clear(PATIENCE);
      if (!left.isEmpty()) {
        throw new IOException(line(each) + ": " + ProcessTree.describe(left));
      }
      each.tree().endKeeper();
      each.folder().remove();
      each.cgroup().remove();
      ended.add(line(each));
    }
    return ended;
  }

  private void awaitMain(Running running) throws IOException {
    if (running.child().isPresent()) {
      Optional<ProcessDescriptor> main = ProcessDescriptor.open(host.proc(), running.child().get());
      if (main.isPresent()) {
        try (ProcessDescriptor descriptor = main.get()) {
          descriptor.awaitEnd(GRACE);
        }
      }
    }
  }

  private static String line(Running running) {
    String processes =
        running.members().size() == 1 ? "process " : running.members().size() + " processes, ";
    return running.launch().program() + " (" + processes + running.members().getFirst().pid() + ")";
  }

  private List<Running> find() throws IOException {
    List<Running> running = new ArrayList<>();
    Path tasks = host.runFolder().resolve(KeeperTasks.FOLDER);
    for (Path folder : folders(host.runFolder())) {
      if (!folder.equals(tasks)) {
        find(folder, folder.getFileName().toString()).ifPresent(running::add);
      }
    }
    for (Path folder : folders(tasks)) {
      find(folder, KeptTask.cgroupName(folder.getFileName().toString())).ifPresent(running::add);
    }
    return running;
  }

  private static List<Path> folders(Path parent) throws IOException {
    if (!Files.isDirectory(parent)) {
      return List.of();
    }
    try (Stream<Path> entries = Files.list(parent)) {
      return entries.filter(Files::isDirectory).sorted().toList();
    }
  }

  private Optional<Running> find(Path path, String cgroupName) throws IOException {
    RecordFolder folder = new RecordFolder(path);
    AgentCgroup cgroup = host.cgroup(cgroupName);
    return switch (host.adoption().find(folder)) {
      case Adoption.Found.Nothing(), Adoption.Found.EarlierBoot(var _, var _) -> Optional.empty();
      case Adoption.Found.Ended(var launch, var child, var _) ->
          running(folder, cgroup, launch, child);
      case Adoption.Found.Traceless(var launch, var _) ->
          running(folder, cgroup, launch, Optional.empty());
      case Adoption.Found.Process(var process) ->
          running(folder, cgroup, process.launch(), Optional.of(process.child()));
    };
  }

  private Optional<Running> running(
      RecordFolder folder, AgentCgroup cgroup, LaunchRecord launch, Optional<ProcessIdentity> child)
      throws IOException {
    if (cgroup.exists()) {
      cgroup.anchorIfThere(host.proc(), launch.keeper());
    }
    ProcessTree tree = host.tree(cgroup, launch, child);
    List<ProcessIdentity> members = tree.members();
    if (members.isEmpty()) {
      tree.endKeeper();
      return Optional.empty();
    }
    return Optional.of(new Running(folder, cgroup, launch, child, tree, members));
  }
}
