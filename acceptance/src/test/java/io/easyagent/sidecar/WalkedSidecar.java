package io.easyagent.sidecar;

import io.easyagent.acceptance.walk.Boundary;
import io.easyagent.acceptance.walk.PlantedBug;
import io.easyagent.sidecar.config.Configuration;
import io.easyagent.sidecar.journal.Journal;
import io.easyagent.sidecar.journal.JournalEntry;
import io.easyagent.sidecar.journal.JournalState;
import io.easyagent.sidecar.session.Backoff;
import io.easyagent.sidecar.supervise.LaunchStep;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import java.util.logging.Level;
import java.util.stream.Stream;

/**
 * The sidecar as it is, with a boundary before and after each append to its journal and at each
 * step of a launch.
 */
public final class WalkedSidecar {
  /** The walk breaks hundreds of sessions; it need not wait for each as a fleet should. */
  private static final Backoff RECONNECT =
      new Backoff(Duration.ofMillis(50), Duration.ofMillis(400));

  private WalkedSidecar() {}

  public static void main(String[] arguments) throws Exception {
    Path data = Path.of(arguments[0]);
    Boundary boundary = new Boundary(Path.of(arguments[1]));
    PlantedBug planted = PlantedBug.valueOf(arguments[2]);
    LineHandler.install(System.err, Level.INFO);
    Sidecar sidecar =
        Sidecar.start(
            new Configuration(
                List.of(), RECONNECT, data, Level.INFO, Optional.empty(), Optional.empty()),
            SidecarMain.version(),
            (folders, facts, hostId, journal, artifacts, policy, secrets, definitions, upgrades) ->
                new KeeperWorkforce(
                    folders,
                    facts,
                    hostId,
                    journal,
                    artifacts,
                    policy,
                    secrets,
                    definitions,
                    upgrades,
                    step -> launching(step, boundary, planted, data)),
            journal -> new WalkedJournal(remembered(journal, planted), boundary));
    Runtime.getRuntime().addShutdownHook(new Thread(sidecar::close));
    new CountDownLatch(1).await();
  }

  /** The journal; with the planted bug, one that remembers no command of an earlier life. */
  private static Journal remembered(Journal journal, PlantedBug planted) {
    if (planted == PlantedBug.NO_DEDUPLICATION) {
      try {
        journal.append(state ->
            state.operations().keySet().stream()
                .<JournalEntry>map(JournalEntry.OperationForgotten::new)
                .toList());
      } catch (Journal.JournalException failure) {
        throw new IllegalStateException(failure);
      }
    }
    return journal;
  }

  private static void launching(LaunchStep step, Boundary boundary, PlantedBug planted, Path data) {
    if (planted == PlantedBug.GO_BEFORE_RECORD && step == LaunchStep.RELEASED) {
      // The moment after "go" in a program that would write its record only then.
      boundary.reached("launch " + step, () -> removeNewestRecord(data.resolve("run")));
    } else {
      boundary.reached("launch " + step);
    }
  }

  private static void removeNewestRecord(Path run) {
    try (Stream<Path> files = Files.walk(run)) {
      Path newest =
          files
              .filter(file -> file.endsWith("launch"))
              .max(java.util.Comparator.comparing(WalkedSidecar::modified))
              .orElseThrow();
      Files.delete(newest);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private static java.nio.file.attribute.FileTime modified(Path file) {
    try {
      return Files.getLastModifiedTime(file);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private record WalkedJournal(Journal journal, Boundary boundary) implements Journal {
    @Override
    public JournalState state() {
      return journal.state();
    }

    @Override
    public JournalState append(Function<JournalState, List<JournalEntry>> decision)
        throws JournalException {
      String[] what = {""};
      JournalState state =
          journal.append(before -> {
            List<JournalEntry> entries = decision.apply(before);
            if (!entries.isEmpty()) {
              what[0] = names(entries);
              boundary.reached("before " + what[0]);
            }
            return entries;
          });
      if (!what[0].isEmpty()) {
        boundary.reached("after " + what[0]);
      }
      return state;
    }

    private static String names(List<JournalEntry> entries) {
      return String.join(
          ",", entries.stream().map(entry -> entry.getClass().getSimpleName()).toList());
    }
  }
}
