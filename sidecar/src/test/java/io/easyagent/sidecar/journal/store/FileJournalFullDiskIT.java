package io.easyagent.sidecar.journal.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.easyagent.sidecar.journal.Journal;
import io.easyagent.sidecar.journal.JournalEntry;
import io.easyagent.sidecar.journal.OutboxEvent;
import io.easyagent.sidecar.wire.Samples;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On a small file system of its own; needs root. */
class FileJournalFullDiskIT {
  private static final long FILE = 2L << 20;

  @TempDir Path folder;

  @BeforeEach
  void mount() throws Exception {
    run("mount", "-t", "tmpfs", "-o", "size=6m", "tmpfs", folder.toString());
  }

  @AfterEach
  void unmount() throws Exception {
    run("umount", folder.toString());
  }

  @Test
  void aFullDiskStopsNeitherAppendsNorCompaction() throws Exception {
    Path journals = Files.createDirectory(folder.resolve("journal"));
    int appends = 6_000;
    try (FileJournal journal = FileJournal.open(journals, FILE)) {
      fill();
      for (int index = 0; index < appends; index++) {
        journal.append(state ->
            List.of(
                new JournalEntry.EventsAcknowledged(state.lastNumber()),
                new JournalEntry.EventQueued(
                    state.lastNumber() + 1,
                    Samples.MOMENT,
                    new OutboxEvent.AgentHappened(Samples.AGENT, "exited", "m".repeat(1_000)))));
      }
      assertEquals(appends, journal.state().lastNumber());
    }
    try (FileJournal journal = FileJournal.open(journals, FILE)) {
      assertEquals(appends, journal.state().lastNumber());
    }
  }

  @Test
  void aJournalWithoutASpareFileIsStillReadAndWritten() throws Exception {
    Path journals = Files.createDirectory(folder.resolve("journal"));
    FileJournal.open(journals, FILE).close();
    Files.delete(journals.resolve("spare"));
    fill();
    try (FileJournal journal = FileJournal.open(journals, FILE)) {
      journal.append(state -> List.of(new JournalEntry.SessionOpened(1, "aa", "bb")));
      assertTrue(Files.notExists(journals.resolve("spare.unfinished")));
    }
    Files.delete(folder.resolve("filler"));
    try (FileJournal journal = FileJournal.open(journals, FILE)) {
      assertEquals(1, journal.state().session().orElseThrow().epoch());
    }
    assertTrue(Files.exists(journals.resolve("spare")));
  }

  @Test
  void aJournalThatCannotBeAllocatedIsNotBegun() throws Exception {
    Path journals = Files.createDirectory(folder.resolve("journal"));
    fill();
    assertThrows(Journal.JournalException.class, () -> FileJournal.open(journals, FILE));
  }

  private void fill() throws IOException {
    byte[] block = new byte[4_096];
    try (OutputStream filler = Files.newOutputStream(folder.resolve("filler"))) {
      assertThrows(
          IOException.class,
          () -> {
            for (int index = 0; index < 100_000; index++) {
              filler.write(block);
            }
          });
    }
  }

  private static void run(String... command) throws Exception {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes());
    assertEquals(0, process.waitFor(), output);
  }
}
