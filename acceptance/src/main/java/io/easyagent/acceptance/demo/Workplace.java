package io.easyagent.acceptance.demo;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The temporary folder in which everything happens. Its path is the mark by which processes of the
 * demo are known: it is in their command line or environment. What a person's shell says of it (the
 * configuration that the demo tells to export, the folder it stands in) is no mark: nobody's shell
 * is ended with the demo.
 */
final class Workplace {
  private static final int ROUNDS = 100;
  private static final Set<String> SHELL = Set.of("EASYAGENT_CONFIG", "PWD", "OLDPWD", "_");

  private final Path folder;
  private final Set<ProcessHandle> keepers = new HashSet<>();

  private Workplace(Path folder) {
    this.folder = folder;
  }

  static Workplace create() throws IOException {
    return new Workplace(Files.createTempDirectory("easyagent-demo-").toRealPath());
  }

  Path folder() {
    return folder;
  }

  /** An existing folder of this name. */
  Path folder(String name) throws IOException {
    return Files.createDirectories(folder.resolve(name));
  }

  Path file(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text);
  }

  /**
   * The demo's processes that are alive, this one not counted: those that bear the mark, and the
   * keepers that such processes were once seen under.
   */
  List<ProcessHandle> processes() throws IOException {
    Set<ProcessHandle> found = new LinkedHashSet<>();
    ProcessHandle self = ProcessHandle.current();
    try (Stream<ProcessHandle> all = ProcessHandle.allProcesses()) {
      all.filter(each -> !each.equals(self) && isMarked(each.pid())).forEach(found::add);
    }
    for (ProcessHandle process : found) {
      process.parent().filter(parent -> isKeeper(parent.pid())).ifPresent(keepers::add);
    }
    keepers.stream().filter(keeper -> keeper.isAlive() && runs(keeper.pid())).forEach(found::add);
    return List.copyOf(found);
  }

  /** Whether the process is there and not a zombie that waits to be reaped. */
  static boolean runs(long pid) {
    String stat = read(pid, "stat");
    return !stat.isEmpty() && !stat.substring(stat.lastIndexOf(')')).startsWith(") Z");
  }

  /** What runs, for a message. */
  static String describe(List<ProcessHandle> processes) {
    return processes.stream()
        .map(each -> each.pid() + " " + read(each.pid(), "cmdline").replace('\0', ' '))
        .collect(Collectors.joining("; "));
  }

  /** Kills what is left and removes the folder. */
  void clear() {
    try {
      for (int round = 0; round < ROUNDS; round++) {
        List<ProcessHandle> left = processes();
        left.forEach(ProcessHandle::destroyForcibly);
        if (left.isEmpty()) {
          break;
        }
      }
      remove();
    } catch (IOException failure) {
      System.err.println(folder + " could not be removed: " + failure.getMessage());
    }
  }

  /** Removes the folder and all that is in it. */
  void remove() throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> contents = Files.walk(folder)) {
      for (Path path : contents.sorted(Comparator.reverseOrder()).toList()) {
        makeWritable(path);
        Files.delete(path);
      }
    }
  }

  private static void makeWritable(Path path) {
    Optional.ofNullable(path.getParent())
        .map(Path::toFile)
        .filter(parent -> !parent.canWrite())
        .ifPresent(parent -> parent.setWritable(true));
  }

  private boolean isMarked(long pid) {
    String mark = folder.toString();
    return read(pid, "cmdline").contains(mark)
        || Stream.of(read(pid, "environ").split("\0"))
            .anyMatch(entry -> entry.contains(mark) && !SHELL.contains(nameOf(entry)));
  }

  private static String nameOf(String entry) {
    return entry.substring(0, Math.max(0, entry.indexOf('=')));
  }

  /** A keeper bears no mark: its environment is empty and its folder is the root. */
  private static boolean isKeeper(long pid) {
    return read(pid, "cmdline").endsWith("sleep\0infinity\0");
  }

  private static String read(long pid, String file) {
    try {
      return new String(
          Files.readAllBytes(Path.of("/proc", Long.toString(pid), file)), StandardCharsets.UTF_8);
    } catch (IOException gone) {
      return "";
    }
  }
}
