package io.easyagent.sidecar;

import io.easyagent.sidecar.identity.IdentityException;
import io.easyagent.sidecar.identity.IdentityFolder;
import io.easyagent.sidecar.local.DataLock;
import io.easyagent.sidecar.prepare.TreeRemoval;
import io.easyagent.sidecar.supervise.CgroupParents;
import io.easyagent.sidecar.supervise.HostRules;
import io.easyagent.sidecar.supervise.KeeperHost;
import io.easyagent.sidecar.supervise.Leftovers;
import io.easyagent.sidecar.supervise.SupervisionSettings;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.stream.Stream;

/**
 * Makes a data folder one that was never enrolled: of a machine that is to become an image, or of a
 * copy that is to become a host of its own. The identity goes first, so that a reset that is cut
 * short leaves no second machine with it.
 */
final class Reset {
  private final Path data;
  private final PrintStream out;

  Reset(Path data, PrintStream out) {
    this.data = data;
    this.out = out;
  }

  /**
   * Removes the identity, the journal, launch records and agents, and says what it removed.
   *
   * @throws IOException when a sidecar runs on the folder, or agents run and are not to be stopped;
   *     nothing was removed then
   */
  void run(Invocation.Reset wanted) throws IOException, IdentityException {
    if (Files.notExists(data)) {
      out.println("nothing to reset: there is no " + data);
      return;
    }
    try (DataLock lock = DataLock.acquire(data)) {
      endAgents(wanted.stopAgents());
      for (Path removed : new IdentityFolder(data).removeAll()) {
        said(removed, "the identity");
      }
      remove("journal", "the journal: known operations, what was not reported yet, nonces");
      remove("run", "launch records");
      remove("scripts", "scripts");
      remove("sidecar.sock", "a socket that was left over");
      remove("server-addresses", "servers that were announced");
      removeAgents(wanted.purge());
      if (!wanted.keepPackages()) {
        remove("packages", "downloaded packages");
      }
    }
    out.println("this host is enrolled nowhere now; next: easyagent-sidecar enroll");
  }

  private void endAgents(boolean stop) throws IOException {
    if (Files.notExists(data.resolve("run"))) {
      return;
    }
    try (ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
        KeeperHost keepers =
            KeeperHost.open(
                new SupervisionSettings(
                    data.resolve("run"), CgroupParents.left(KeeperWorkforce.CGROUPS)),
                SystemTime.clock(),
                SystemTime::nanoTime,
                timer,
                HostRules.NONE,
                _ -> {})) {
      Leftovers leftovers = new Leftovers(keepers);
      List<String> running = leftovers.running();
      if (!running.isEmpty() && !stop) {
        throw new IOException(
            "agents run: "
                + String.join(", ", running)
                + "; nothing was done (expected: none, or --stop-agents)");
      }
      for (String ended : leftovers.end()) {
        out.println("stopped  " + ended);
      }
    }
  }

  private void removeAgents(boolean purge) throws IOException {
    Path agents = data.resolve("agents");
    if (Files.notExists(agents)) {
      return;
    }
    for (Path agent : entries(agents)) {
      if (!Files.isDirectory(agent, LinkOption.NOFOLLOW_LINKS)) {
        TreeRemoval.remove(agent);
        continue;
      }
      boolean kept = false;
      for (Path part : entries(agent)) {
        if (!purge && part.endsWith("data")) {
          kept = true;
        } else {
          TreeRemoval.remove(part);
        }
      }
      if (kept) {
        said(agent, "an agent; its data/ is kept");
      } else {
        TreeRemoval.remove(agent);
        said(agent, "an agent, with its data");
      }
    }
  }

  private static List<Path> entries(Path folder) throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      return new ArrayList<>(entries.sorted().toList());
    }
  }

  private void remove(String name, String what) throws IOException {
    Path path = data.resolve(name);
    if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
      TreeRemoval.remove(path);
      said(path, what);
    }
  }

  private void said(Path path, String what) {
    out.println("removed  " + path + "  (" + what + ")");
  }
}
