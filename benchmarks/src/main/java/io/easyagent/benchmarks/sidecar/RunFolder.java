package io.easyagent.benchmarks.sidecar;

import io.easyagent.benchmarks.measure.BenchException;
import io.easyagent.benchmarks.measure.Folders;
import io.easyagent.benchmarks.measure.Waiting;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.stream.Stream;

/**
 * The folder of one run, and all that runs on it: agents outlive their supervisors, so that they
 * are found by what their command lines name, also those that an earlier call has left behind that
 * was killed. Thread-safe.
 */
final class RunFolder {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Duration LOOK = Duration.ofMillis(20);

  private final Path path;
  private final Path sidecar;

  /**
   * @param sidecar folder of its distribution
   */
  RunFolder(Path path, Path sidecar) {
    this.path = path;
    this.sidecar = sidecar;
  }

  Path path() {
    return path;
  }

  Path serverData() {
    return path.resolve("server");
  }

  Path sidecarData() {
    return path.resolve("sidecar");
  }

  Path supervisordConfiguration() {
    return path.resolve("supervisord.conf");
  }

  private Path agent() {
    return path.resolve("agent");
  }

  /** Ends and removes what an earlier call has left here, and makes it anew. */
  void renew() throws Exception {
    clear();
    Folders.remove(path);
    Files.createDirectories(path);
  }

  /**
   * Ends all that runs on it: supervisors first, so that none starts an agent again; then the
   * agents and their keepers, by the sidecar's own reset; then what that has not found.
   *
   * @throws BenchException when something is left
   */
  synchronized void clear() throws Exception {
    Set<String> mine =
        Set.of(
            serverData().toString(),
            sidecarData().toString(),
            supervisordConfiguration().toString());
    end("server and supervisors", (_, words) -> words.stream().anyMatch(mine::contains));
    BenchException unreset = null;
    if (Files.isDirectory(sidecarData())) {
      try {
        String unused =
            Programs.output(
                List.of(
                    sidecar.resolve("bin/easyagent-sidecar").toString(),
                    "reset",
                    "--stop-agents",
                    "--purge",
                    "--data",
                    sidecarData().toString()));
      } catch (BenchException failure) {
        unreset = failure;
      }
    }
    Set<Long> keepers = new HashSet<>();
    for (ProcessHandle agent : running(this::isAgent)) {
      agent.parent().map(ProcessHandle::pid).ifPresent(keepers::add);
    }
    end(
        "agents and keepers",
        (pid, words) -> isAgent(pid, words) || (keepers.contains(pid) && isKeeper(words)));
    if (unreset != null) {
      throw unreset;
    }
  }

  private boolean isAgent(long pid, List<String> words) {
    return words.getFirst().equals(agent().toString());
  }

  /** Its environment is empty, its folder the root: only its child tells whose it is. */
  private static boolean isKeeper(List<String> words) {
    return words.getLast().equals("infinity");
  }

  private static void end(String what, BiPredicate<Long, List<String>> is) throws Exception {
    running(is).forEach(ProcessHandle::destroyForcibly);
    Waiting.until(what + " ended", PATIENCE, LOOK, () -> running(is).isEmpty());
  }

  private static List<ProcessHandle> running(BiPredicate<Long, List<String>> is) {
    long self = ProcessHandle.current().pid();
    try (Stream<ProcessHandle> all = ProcessHandle.allProcesses()) {
      return all.filter(each -> each.pid() != self && is.test(each.pid(), words(each.pid())))
          .toList();
    }
  }

  /** One empty word for a process that is gone, or a zombie. */
  private static List<String> words(long pid) {
    try {
      return List.of(
          new String(
                  Files.readAllBytes(Path.of("/proc", Long.toString(pid), "cmdline")),
                  StandardCharsets.UTF_8)
              .split("\0"));
    } catch (IOException gone) {
      return List.of("");
    }
  }
}
