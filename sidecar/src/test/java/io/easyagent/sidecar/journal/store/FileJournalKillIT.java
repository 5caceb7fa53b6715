package io.easyagent.sidecar.journal.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.easyagent.sidecar.journal.JournalState;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** kill -9 at any moment loses nothing that was acknowledged. */
class FileJournalKillIT {
  private static final int KILLS = 24;

  @TempDir Path folder;

  @Test
  void whatWasAcknowledgedSurvivesEachKill() throws Exception {
    long last = 0;
    for (int kill = 0; kill < KILLS; kill++) {
      long acknowledged = appendUntilKilled(100 + kill * 137);
      assertTrue(acknowledged > last, "kill " + kill + " acknowledged nothing");
      try (FileJournal journal = FileJournal.open(folder, 2L << 20)) {
        JournalState state = journal.state();
        assertTrue(
            state.lastNumber() >= acknowledged,
            "kill " + kill + ": " + state.lastNumber() + " of " + acknowledged);
        assertTrue(
            state.lastNumber() <= acknowledged + 1,
            "kill " + kill + ": more than the one append that was under way");
        long expected = state.lastNumber() - state.outbox().size();
        for (long number : state.outbox().keySet()) {
          expected++;
          assertEquals(expected, number);
        }
        last = state.lastNumber();
      }
    }
  }

  private long appendUntilKilled(int appends) throws Exception {
    Process child =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-XX:+UseSerialGC",
                    "-XX:TieredStopAtLevel=1",
                    "-cp",
                    System.getProperty("java.class.path"),
                    JournalAppender.class.getName(),
                    folder.toString()))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    long acknowledged = 0;
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(child.getInputStream(), StandardCharsets.UTF_8))) {
      for (int line = 0; line < appends; line++) {
        String text = lines.readLine();
        assertTrue(text != null, "the child ended by itself");
        acknowledged = Long.parseLong(text);
      }
      child.toHandle().destroyForcibly();
      // What it still printed before the kill was acknowledged too; a torn last line was not.
      for (String text = lines.readLine(); text != null; text = lines.readLine()) {
        if (Long.toString(acknowledged + 1).equals(text)) {
          acknowledged++;
        }
      }
    }
    child.waitFor();
    return acknowledged;
  }
}
