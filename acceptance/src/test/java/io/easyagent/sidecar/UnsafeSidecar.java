package io.easyagent.sidecar;

import io.easyagent.acceptance.chaos.Bug;
import io.easyagent.sidecar.config.ConfigurationFile;
import io.easyagent.sidecar.journal.Journal;
import io.easyagent.sidecar.journal.JournalEntry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.logging.Level;
import java.util.stream.Stream;

/** The sidecar as it is, but for what it forgets or does at its start. */
public final class UnsafeSidecar {
  private UnsafeSidecar() {}

  public static void main(String[] arguments) throws Exception {
    Bug bug = Bug.valueOf(arguments[0]);
    Path data = Path.of(arguments[2]);
    LineHandler.install(System.err, Level.INFO);
    plant(bug, data.resolve("run"));
    Sidecar sidecar =
        Sidecar.start(
            ConfigurationFile.read(Path.of(arguments[1])),
            SidecarMain.version(),
            KeeperWorkforce::new,
            journal -> bug == Bug.FORGETS_COMMANDS ? withoutCommands(journal) : journal);
    Runtime.getRuntime().addShutdownHook(new Thread(sidecar::close));
    new CountDownLatch(1).await();
  }

  private static Journal withoutCommands(Journal journal) {
    try {
      journal.append(state ->
          state.operations().keySet().stream()
              .<JournalEntry>map(JournalEntry.OperationForgotten::new)
              .toList());
      return journal;
    } catch (Journal.JournalException failure) {
      throw new IllegalStateException(failure);
    }
  }

  private static void plant(Bug bug, Path run) throws IOException {
    if (!Files.exists(run)) {
      return;
    }
    try (Stream<Path> files = Files.walk(run)) {
      for (Path file : files.toList()) {
        boolean task = file.startsWith(run.resolve("tasks"));
        switch (bug) {
          case FORGETS_TASKS -> forget(file, "launch", task);
          case FORGETS_AGENTS -> forget(file, "launch", !task);
          case ENDS_AGENTS -> end(file, !task);
          case NONE, FORGETS_COMMANDS -> {}
        }
      }
    }
  }

  private static void forget(Path file, String name, boolean wanted) throws IOException {
    if (wanted && file.endsWith(name)) {
      Files.delete(file);
    }
  }

  private static void end(Path file, boolean wanted) throws IOException {
    if (wanted && file.endsWith("child")) {
      long pid = Long.parseLong(Files.readString(file).split("\t")[0]);
      ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
    }
  }
}
